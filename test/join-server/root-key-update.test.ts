import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import { ALL_SUITES, formatSuite, Suite } from "../../src/root-key/suite.ts";
import {
  JoinServerRig,
  type Json,
  keyHex,
  OTHER_NET_ID,
  openEnvelope,
  type RigOptions,
  resultOf,
  useJoinServer,
} from "../support/join-server-rig.ts";
import { findKey } from "../support/key-search.ts";
import { TestDevice } from "../support/test-device.ts";

const HOUR_MS = 3_600_000;
const EXPIRY_MS = 24 * HOUR_MS;
const MINIMUM_PERIOD_MS = 2 * HOUR_MS;
const allowingSuite0: RigOptions = {
  updatePolicy: {
    expiryMs: EXPIRY_MS,
    attemptPeriodMs: 0,
    allowRabbitSplit: true,
    shortestPeriodMs: 0,
  },
};

const rig = useJoinServer();

async function joined(
  server = rig,
  changes: Json = {},
  macVersion: MacVersion = "1.1.0",
): Promise<TestDevice> {
  const device = new TestDevice(macVersion);
  await server.register(device, {
    updatePolicy: { minimumPeriodMs: MINIMUM_PERIOD_MS },
    ...changes,
  });
  await server.join(device);
  return device;
}

const askUpdate = (device: TestDevice, members: Json = {}, server = rig) =>
  server.ask("RootKeyUpdateReq", { DevEUI: device.devEui, Reason: "age", ...members });

const sendUp = (device: TestDevice, MACCommand: string | undefined, server = rig) =>
  server.ask("RootKeyCommandReq", { DevEUI: device.devEui, MACCommand });

async function statusOf(device: TestDevice, server = rig): Promise<Json> {
  const { update, generation, candidateRootKeys } = await server.show(device);
  const { status, reason, updateId } = (update ?? {}) as Json;
  return { status, reason, updateId, generation, hasCandidate: candidateRootKeys !== null };
}

/** Up to the device's NewKeyReadyReq, not sent yet. */
async function derive(device: TestDevice, server = rig): Promise<string> {
  const { MACCommand } = await askUpdate(device, {}, server);
  return device.receiveCommand(MACCommand as string) as string;
}

/** Up to the NewKeyReadyAns, which the device has got. */
async function confirm(device: TestDevice, server = rig): Promise<void> {
  const ready = await derive(device, server);
  const { MACCommand } = await sendUp(device, ready, server);
  device.receiveCommand(MACCommand as string);
}

/** The database and its log as they are on disk now, octet by octet as latin-1 text. */
function filesOf(server: JoinServerRig): string {
  const files = ["", "-wal"]
    .map((suffix) => server.path + suffix)
    .filter((path) => existsSync(path));
  return files.map((path) => readFileSync(path, "latin1")).join("");
}

/** The sealed root keys of a device as they are stored, octets as characters. */
function sealedKeysOf(server: JoinServerRig, { devEui }: TestDevice): string {
  const database = new DatabaseSync(server.path, { readOnly: true });
  const row = database.prepare("SELECT root_keys FROM devices WHERE dev_eui = ?").get(devEui);
  database.close();
  return Buffer.from(row?.["root_keys"] as Uint8Array).toString("latin1");
}

describe("a root key update", () => {
  for (const suite of ALL_SUITES) {
    for (const macVersion of ["1.0.3", "1.1.0"] satisfies MacVersion[]) {
      it(`with ${formatSuite(suite)} on ${macVersion} ends with new root keys on both ends`, async () => {
        const server =
          suite === Suite.RabbitSplit ? await JoinServerRig.start(allowingSuite0) : rig;
        const device = await joined(server, { suite: formatSuite(suite) }, macVersion);
        const old = device.currentKeys;

        const request = await askUpdate(device, {}, server);
        assert.equal(resultOf(request), "Success");
        assert.equal(request["UpdateID"], 1);
        assert.match(request["MACCommand"] as string, /^80[0-9a-f]{20}$/);
        const ready = device.receiveCommand(request["MACCommand"] as string);
        const answer = await sendUp(device, ready, server);
        assert.match(answer["MACCommand"] as string, /^81[0-9a-f]{12}$/);
        device.receiveCommand(answer["MACCommand"] as string);
        assert.deepEqual(await statusOf(device, server), {
          status: "confirmed",
          reason: null,
          updateId: 1,
          generation: 0,
          hasCandidate: true,
        });

        const joinRequest = device.joinRequest();
        assert.equal(joinRequest.which, "candidate");
        const joinAnswer = await server.join(device, joinRequest);
        assert.deepEqual(await statusOf(device, server), {
          status: "committed",
          reason: null,
          updateId: 1,
          generation: 1,
          hasCandidate: false,
        });
        const { currentKeys } = device;
        assert.notEqual(keyHex(currentKeys.nwkKey), keyHex(old.nwkKey));
        const stored = await server.store.loadDevice(device.devEui);
        assert.equal(
          keyHex(stored?.rootKeys.currentKeys.nwkKey as never),
          keyHex(currentKeys.nwkKey),
        );
        assert.equal(
          keyHex(stored?.rootKeys.currentKeys.appKey as never),
          keyHex(currentKeys.appKey),
        );
        const { appSKey } = device.sessionInUse();
        assert.equal(openEnvelope(joinAnswer["AppSKey"], server.asKek), keyHex(appSKey));
        assert.equal(device.sessionInUse().joinNonce, 2);
      });
    }
  }

  it("leaves nothing of the old root keys on disk, sealed or not", async () => {
    const server = await JoinServerRig.start();
    const devices: TestDevice[] = [];
    for (let count = 0; count < 12; count++) devices.push(await joined(server));
    const allSealed: string[] = [];
    const oldKeys = new Map<TestDevice, TestDevice["currentKeys"]>();
    for (const device of devices) {
      oldKeys.set(device, device.currentKeys);
      const sealed = sealedKeysOf(server, device);
      assert.ok(filesOf(server).includes(sealed));
      await confirm(device, server);
      allSealed.push(sealed, sealedKeysOf(server, device));
      await server.join(device);
    }
    // Erased together, half a second later.
    await sleep(1_500);
    const now = filesOf(server);
    for (const old of allSealed) assert.ok(!now.includes(old), "old root keys are still on disk");
    for (const device of devices) {
      assert.ok(now.includes(sealedKeysOf(server, device)));
      const both = [...Object.values(oldKeys.get(device) ?? {})];
      const everyKey = [...both, ...Object.values(device.currentKeys)];
      assert.ok(everyKey.every((key) => !now.includes(key.export().toString("latin1"))));
      assert.equal(findKey(`${now} ${server.dump()}`, everyKey), undefined);
    }
  });

  it("starts from the keys of the update before, with nonces going on", async () => {
    const device = await joined();
    for (const generation of [1, 2, 3]) {
      await confirm(device);
      await rig.join(device);
      assert.equal((await statusOf(device))["generation"], generation);
      assert.equal(device.sessionInUse().joinNonce, generation + 1);
      rig.clock.time += MINIMUM_PERIOD_MS;
    }
    const { lastDevNonce, lastUpdateId } = await rig.show(device);
    assert.deepEqual([lastDevNonce, lastUpdateId], [3, 3]);
  });

  it("is repeated octet by octet while it waits for the device", async () => {
    const device = await joined();
    const first = await askUpdate(device);
    const row = rig.dump();
    for (const Reason of ["age", "sessions", "frames", "event", "operator"]) {
      const again = await askUpdate(device, { Reason });
      assert.equal(again["MACCommand"], first["MACCommand"]);
      assert.equal(again["UpdateID"], 1);
    }
    assert.equal(rig.dump(), row);
    rig.restart();
    assert.equal((await askUpdate(device))["MACCommand"], first["MACCommand"]);
  });

  it("answers a repeated NewKeyReadyReq with the same octets, and notes it only once", async () => {
    const device = await joined();
    const ready = await derive(device);
    const first = await sendUp(device, ready);
    assert.equal((await sendUp(device, ready))["MACCommand"], first["MACCommand"]);
    const row = rig.dump();
    assert.equal((await sendUp(device, ready))["MACCommand"], first["MACCommand"]);
    rig.restart();
    assert.equal((await sendUp(device, ready))["MACCommand"], first["MACCommand"]);
    assert.equal(rig.dump(), row);
  });

  it("is not repeated once the keys are confirmed: the device only has to join", async () => {
    const device = await joined();
    await confirm(device);
    assert.equal(resultOf(await askUpdate(device)), "Deferred");
    assert.equal((await statusOf(device))["status"], "confirmed");
  });

  it("is deferred in the minimum period after a commit", async () => {
    const device = await joined();
    await confirm(device);
    await rig.join(device);
    const row = rig.dump();
    rig.clock.time += MINIMUM_PERIOD_MS - 1;
    const deferred = await askUpdate(device);
    assert.equal(resultOf(deferred), "Deferred");
    assert.ok((deferred["Result"] as Json)["Description"]);
    assert.ok(!("MACCommand" in deferred));
    assert.equal(rig.dump(), row);
    rig.clock.time += 1;
    assert.equal((await askUpdate(device))["UpdateID"], 2);
  });

  it("is deferred for a while after an attempt that failed, but not for the operator", async () => {
    const server = await JoinServerRig.start({
      updatePolicy: {
        expiryMs: EXPIRY_MS,
        attemptPeriodMs: HOUR_MS,
        allowRabbitSplit: false,
        shortestPeriodMs: 0,
      },
    });
    const device = await joined(server);
    await askUpdate(device, {}, server);
    await sendUp(device, "80010002", server);
    assert.equal((await statusOf(device, server))["status"], "failed");
    server.clock.time += HOUR_MS - 1;
    assert.equal(resultOf(await askUpdate(device, {}, server)), "Deferred");
    server.clock.time += 1;
    assert.equal((await askUpdate(device, {}, server))["UpdateID"], 2);
    await sendUp(device, "80020002", server);
    const { status } = await server.call("POST", `devices/${device.devEui}/root-key-update`, {});
    assert.equal(status, 202);
  });

  it("shows the acceptance of the device", async () => {
    const device = await joined();
    const ready = await derive(device);
    const answer = await sendUp(device, "80010000");
    assert.equal(resultOf(answer), "Success");
    assert.ok(!("MACCommand" in answer));
    assert.equal((await statusOf(device))["status"], "accepted");
    assert.ok("MACCommand" in (await sendUp(device, ready)));
  });

  for (const [reason, isBusy, supportedSuites] of [
    ["busy", true, ALL_SUITES],
    ["suite-not-supported", false, [Suite.AesCmac]],
  ] as const) {
    it(`fails when the device answers ${reason}, and may be tried again`, async () => {
      const device = await joined();
      Object.assign(device, { supportedSuites });
      const { MACCommand } = await askUpdate(device);
      const refusal = device.receiveCommand(MACCommand as string, isBusy);
      const answer = await sendUp(device, refusal);
      assert.equal(resultOf(answer), "Success");
      assert.ok(!("MACCommand" in answer));
      const after = await statusOf(device);
      assert.deepEqual([after["status"], after["reason"]], ["failed", reason]);
      assert.equal((await askUpdate(device))["UpdateID"], 2);
    });
  }

  it("fails after three proofs that fit no session", async () => {
    const device = await joined();
    const ready = await derive(device);
    const wrong = `${ready.slice(0, -2)}${ready.endsWith("00") ? "01" : "00"}`;
    for (const expected of ["prepared", "prepared", "failed"]) {
      assert.ok(!("MACCommand" in (await sendUp(device, wrong))));
      assert.equal((await statusOf(device))["status"], expected);
    }
    assert.equal((await statusOf(device))["reason"], "wrong-mics");
    assert.ok(!("MACCommand" in (await sendUp(device, ready))));
  });

  it("is not ended by wrong proofs once it is confirmed", async () => {
    const device = await joined();
    const ready = await derive(device);
    device.receiveCommand((await sendUp(device, ready))["MACCommand"] as string);
    const row = rig.dump();
    for (let count = 0; count < 5; count++) {
      await sendUp(device, `${ready.slice(0, -2)}${ready.endsWith("00") ? "01" : "00"}`);
    }
    assert.equal(rig.dump(), row);
    await rig.join(device);
    assert.equal((await statusOf(device))["generation"], 1);
  });

  it("has failed when it expires, and the next one starts anew", async () => {
    const device = await joined();
    const ready = await derive(device);
    rig.clock.time += EXPIRY_MS;
    assert.ok(!("MACCommand" in (await sendUp(device, ready))));
    const { status, reason } = await statusOf(device);
    assert.deepEqual([status, reason], ["failed", "expired"]);
    assert.equal((await askUpdate(device))["UpdateID"], 2);
    rig.clock.time += EXPIRY_MS;
    assert.equal((await askUpdate(device))["UpdateID"], 3);
  });

  it("is aborted by the operator in any state, and the device joins as before", async () => {
    for (const advance of [askUpdate, derive, confirm]) {
      const device = await joined();
      const old = keyHex(device.currentKeys.nwkKey);
      await advance(device);
      const { status } = await rig.call("DELETE", `devices/${device.devEui}/root-key-update`);
      assert.equal(status, 200);
      const after = await statusOf(device);
      assert.deepEqual([after["status"], after["reason"]], ["failed", "aborted"]);
      assert.equal(after["hasCandidate"], false);
      await joinAsDeviceDoes(device);
      assert.equal(keyHex(device.currentKeys.nwkKey), old);
      const again = await rig.call("DELETE", `devices/${device.devEui}/root-key-update`);
      assert.equal(again.status, 404);
    }
  });

  it("has failed when the device joins with the old keys after the confirmation", async () => {
    const device = await joined();
    const ready = await derive(device);
    await sendUp(device, ready);
    // The NewKeyReadyAns is lost, so the device joins as it always did.
    await rig.join(device);
    const { status, reason, hasCandidate } = await statusOf(device);
    assert.deepEqual([status, reason, hasCandidate], ["failed", "joined-with-current-keys", false]);
    await confirm(device);
    await rig.join(device);
    assert.equal((await statusOf(device))["generation"], 1);
  });

  it("goes on over a join while nothing is confirmed", async () => {
    const device = await joined();
    const ready = await derive(device);
    await rig.join(device);
    assert.equal((await statusOf(device))["status"], "prepared");
    device.receiveCommand((await sendUp(device, ready))["MACCommand"] as string);
    await rig.join(device);
    assert.equal((await statusOf(device))["generation"], 1);
  });

  it("survives a Join-accept that is lost after the commit", async () => {
    const device = await joined();
    await confirm(device);
    for (let count = 0; count < 2; count++) {
      const request = device.joinRequest();
      assert.equal(request.which, "candidate");
      assert.equal(resultOf(await rig.askJoin(device, request)), "Success");
    }
    const third = device.joinRequest();
    assert.equal(third.which, "current");
    assert.equal(resultOf(await rig.askJoin(device, third)), "MICFailed");
    await rig.join(device);
    assert.equal((await statusOf(device))["generation"], 1);
    assert.equal(device.update.candidate, undefined);
  });

  it("is not committed by a replayed Join-request, nor failed by one", async () => {
    const device = await joined();
    const request = device.joinRequest();
    await rig.join(device, request);
    await confirm(device);
    const row = rig.dump();
    assert.equal(resultOf(await rig.askJoin(device, request)), "JoinReqFailed");
    assert.equal(rig.dump(), row);
  });

  it("belongs to the Network Server of the device", async () => {
    const device = await joined();
    const row = rig.dump();
    assert.equal(
      resultOf(await askUpdate(device, { SenderID: OTHER_NET_ID })),
      "ActivationDisallowed",
    );
    assert.equal(resultOf(await askUpdate(device, { SenderID: "00dead" })), "UnknownSender");
    assert.equal(rig.dump(), row);
    const ready = await derive(device);
    const row2 = rig.dump();
    const { devEui: DevEUI } = device;
    for (const [SenderID, expected] of [
      [OTHER_NET_ID, "ActivationDisallowed"],
      ["example-as", "ActivationDisallowed"],
      ["unknown-as", "UnknownSender"],
    ]) {
      const answer = await rig.ask("RootKeyCommandReq", { DevEUI, MACCommand: ready, SenderID });
      assert.equal(resultOf(answer), expected);
      assert.ok(!("MACCommand" in answer));
    }
    assert.equal(rig.dump(), row2);
  });

  it("refuses what is no command of its own, and changes nothing", async () => {
    const device = await joined();
    await askUpdate(device);
    const row = rig.dump();
    for (const command of [
      "",
      "82",
      "80",
      "800100",
      "8001000000",
      "81",
      `81${"00".repeat(11)}`,
      "02",
    ]) {
      assert.equal(resultOf(await sendUp(device, command)), "MalformedRequest", command);
    }
    for (const stale of ["80020000", `810200${"00".repeat(8)}`]) {
      const answer = await sendUp(device, stale);
      assert.equal(resultOf(answer), "Success");
      assert.ok(!("MACCommand" in answer));
    }
    assert.equal(rig.dump(), row);
    assert.equal(resultOf(await askUpdate(device, { Reason: "because" })), "MalformedRequest");
    assert.equal(
      resultOf(await rig.ask("RootKeyUpdateReq", { DevEUI: "ff".repeat(8), Reason: "age" })),
      "UnknownDevEUI",
    );
  });

  it("with suite 0 is refused unless it is switched on", async () => {
    const device = await joined(rig, { suite: "rabbit-split" });
    const row = rig.dump();
    assert.equal(resultOf(await askUpdate(device)), "Other");
    assert.equal(rig.dump(), row);
  });

  it("stops when the UpdateIDs are used up", async () => {
    const device = await joined();
    const stored = await rig.store.loadDevice(device.devEui);
    assert.ok(stored);
    const rootKeys = { ...stored.rootKeys, lastUpdateId: 0xfffe };
    await rig.store.saveDevice({ ...stored, rootKeys });
    assert.equal((await askUpdate(device))["UpdateID"], 0xffff);
    await rig.call("DELETE", `devices/${device.devEui}/root-key-update`);
    assert.equal(resultOf(await askUpdate(device)), "Other");
  });

  it("survives a restart between any two steps", async () => {
    const server = await JoinServerRig.start();
    const device = await joined(server);
    server.restart();
    const { MACCommand: request } = await askUpdate(device, {}, server);
    server.restart();
    const ready = device.receiveCommand(request as string);
    await sendUp(device, "80010000", server);
    server.restart();
    const { MACCommand: answer } = await sendUp(device, ready, server);
    server.restart();
    device.receiveCommand(answer as string);
    await server.join(device);
    server.restart();
    assert.equal((await statusOf(device, server))["generation"], 1);
    await server.join(device);
    assert.equal(device.sessionInUse().joinNonce, 3);
  });

  it("is answered once by two proofs at the same time", async () => {
    const device = await joined();
    const ready = await derive(device);
    const answers = await Promise.all([1, 2, 3].map(() => sendUp(device, ready)));
    assert.equal(new Set(answers.map((answer) => answer["MACCommand"])).size, 1);
    device.receiveCommand(answers[0]?.["MACCommand"] as string);
    await rig.join(device);
  });
});

/** Joins with the keys whose turn it is until one request is accepted. */
async function joinAsDeviceDoes(device: TestDevice): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const request = device.joinRequest();
    const answer = await rig.askJoin(device, request);
    if (resultOf(answer) === "Success") {
      device.receiveJoinAccept(request, Buffer.from(answer["PHYPayload"] as string, "hex"));
      return;
    }
    assert.equal(resultOf(answer), "MICFailed");
  }
  assert.fail("the device is lost");
}
