import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import { splitIntoFragments } from "../../src/root-key/fragments.ts";
import { equalRootKeys } from "../../src/root-key/root-keys.ts";
import { formatSuite, Suite } from "../../src/root-key/suite.ts";
import {
  type JoinServerRig,
  type Json,
  resultOf,
  useJoinServer,
} from "../support/join-server-rig.ts";
import { TestDevice } from "../support/test-device.ts";

const rig = useJoinServer();

async function joined(macVersion: MacVersion = "1.1.0", changes: Json = {}): Promise<TestDevice> {
  const device = new TestDevice(macVersion);
  await rig.register(device, { updatePolicy: { isHealing: true, minimumPeriodMs: 0 }, ...changes });
  await rig.join(device);
  return device;
}

async function askUpdate({ devEui }: TestDevice): Promise<string> {
  const answer = await rig.ask("RootKeyUpdateReq", { DevEUI: devEui, Reason: "age" });
  assert.equal(resultOf(answer), "Success");
  return answer["MACCommand"] as string;
}

const sendUp = ({ devEui }: TestDevice, MACCommand: string) =>
  rig.ask("RootKeyCommandReq", { DevEUI: devEui, MACCommand });

/** The device's proof as fragments. */
function fragmentsOf(ready: string): string[] {
  return splitIntoFragments(parseHex(ready)).map(formatHex);
}

function sealedKeysOf(server: JoinServerRig, { devEui }: TestDevice): Buffer {
  const database = new DatabaseSync(server.path, { readOnly: true });
  const row = database.prepare("SELECT root_keys FROM devices WHERE dev_eui = ?").get(devEui);
  database.close();
  return Buffer.from(row?.["root_keys"] as Uint8Array);
}

describe("a healing update at the Join Server", () => {
  for (const suite of [Suite.Rabbit, Suite.AesCmac, Suite.HkdfSha256]) {
    for (const macVersion of ["1.0.3", "1.1.0"] satisfies MacVersion[]) {
      it(`with ${formatSuite(suite)} on ${macVersion} ends with new keys on both ends`, async () => {
        const device = await joined(macVersion, { suite: formatSuite(suite) });
        const old = device.currentKeys;
        const request = await askUpdate(device);
        assert.equal(request.slice(0, 2), "83");
        assert.equal(request.length, 2 * 43);
        const ready = device.receiveCommand(request) as string;
        assert.equal(ready.length, 2 * 43);
        const { MACCommand } = await sendUp(device, ready);
        device.receiveCommand(MACCommand as string);
        await rig.join(device);
        assert.ok(!equalRootKeys(device.currentKeys, old));
        const { generation, update } = await rig.show(device);
        assert.equal(generation, 1);
        assert.equal((update as Json)["isHealing"], true);
      });
    }
  }

  it("goes on in fragments, in any order, with a restart before each", async () => {
    const device = await joined();
    const ready = device.receiveCommand(await askUpdate(device)) as string;
    const fragments = fragmentsOf(ready);
    for (const index of [3, 0, 0, 4, 1]) {
      rig.restart();
      const answer = await sendUp(device, fragments[index] as string);
      assert.equal(resultOf(answer), "Success");
      assert.ok(!("MACCommand" in answer));
    }
    rig.restart();
    const { MACCommand } = await sendUp(device, fragments[2] as string);
    // A repeat in either form has the same answer.
    assert.equal((await sendUp(device, ready))["MACCommand"], MACCommand);
    for (const fragment of fragments.slice(0, 4)) await sendUp(device, fragment);
    assert.equal((await sendUp(device, fragments[4] as string))["MACCommand"], MACCommand);
    device.receiveCommand(MACCommand as string);
    await rig.join(device);
    assert.equal((await rig.show(device))["generation"], 1);
  });

  it("writes nothing for a fragment that it has", async () => {
    const device = await joined();
    const ready = device.receiveCommand(await askUpdate(device)) as string;
    await sendUp(device, fragmentsOf(ready)[1] as string);
    const row = rig.dump();
    for (let count = 0; count < 3; count++) {
      await sendUp(device, fragmentsOf(ready)[1] as string);
    }
    assert.equal(rig.dump(), row);
  });

  it("repeats the same octets after a restart", async () => {
    const device = await joined();
    const request = await askUpdate(device);
    rig.restart();
    assert.equal(await askUpdate(device), request);
  });

  it("has no private key any more when the proof is there, or the attempt is over", async () => {
    const waiting: Buffer[] = [];
    for (const end of [
      async (device: TestDevice, request: string) => {
        await sendUp(device, device.receiveCommand(request) as string);
      },
      async (device: TestDevice) => {
        await sendUp(device, "80010002");
      },
      async (device: TestDevice) => {
        await rig.call("DELETE", `devices/${device.devEui}/root-key-update`);
      },
    ]) {
      const device = await joined();
      const before = sealedKeysOf(rig, device);
      const request = await askUpdate(device);
      const during = sealedKeysOf(rig, device);
      // A tag and 32 octets more, sealed.
      assert.equal(during.length, before.length + 33);
      await end(device, request);
      const after = sealedKeysOf(rig, device);
      assert.notEqual(after.length, during.length);
      waiting.push(during);
    }
    // Erased together, half a second later.
    await sleep(1_500);
    const files = ["", "-wal"]
      .map((suffix) => rig.path + suffix)
      .filter((path) => existsSync(path));
    const onDisk = Buffer.concat(files.map((path) => readFileSync(path)));
    for (const sealed of waiting) assert.ok(!onDisk.includes(sealed), "private keys are on disk");
  });

  it("stays healing after a refusal, which anybody on the way can make", async () => {
    const device = await joined();
    assert.equal((await askUpdate(device)).slice(0, 2), "83");
    await sendUp(device, "80010001");
    const { update } = await rig.show(device);
    assert.equal((update as Json)["reason"], "suite-not-supported");
    assert.equal((await askUpdate(device)).slice(0, 2), "83");
  });

  it("refuses fragments that nobody makes", async () => {
    const device = await joined();
    await askUpdate(device);
    const row = rig.dump();
    const answer = await sendUp(device, `822f${"00".repeat(9)}`);
    assert.notEqual(resultOf(answer), "Success");
    assert.equal(rig.dump(), row);
  });
});
