import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemRandomBytes } from "../../../../src/crypto/random.ts";
import { WarrenError } from "../../../../src/errors.ts";
import { PolicyBook } from "../../../../src/join-server/policies/policy-book.ts";
import { UpdateScheduler } from "../../../../src/join-server/policies/scheduler/update-scheduler.ts";
import type { NetworkServerLink } from "../../../../src/join-server/ports/network-server-link.ts";
import { UpdateRunner } from "../../../../src/join-server/root-key-updates/update-runner.ts";
import type { UpdateStarter } from "../../../../src/join-server/root-key-updates/update-starter.ts";
import { formatHex } from "../../../../src/lorawan/hex.ts";
import { SqliteJoinServerStore } from "../../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { DAMAGES, damageDevice } from "../../../support/damage-device.ts";
import { JoinServerRig, type Json, NET_ID } from "../../../support/join-server-rig.ts";
import { TestDevice } from "../../../support/test-device.ts";
import { testVault } from "../../../support/test-vault.ts";

const DAY_MS = 86_400_000;
const SWEEP_MS = 300_000;
const UPDATE_POLICY = {
  expiryMs: DAY_MS,
  attemptPeriodMs: 0,
  allowRabbitSplit: false,
  shortestPeriodMs: 2_048_000,
};
const sleep = () => new Promise((resolve) => setImmediate(resolve));

/** A Join Server whose Network Server takes requests for updates. */
async function startRig(networkServerLink?: NetworkServerLink): Promise<JoinServerRig> {
  const rig = await JoinServerRig.start({
    updatePolicy: UPDATE_POLICY,
    ...(networkServerLink && { networkServerLink }),
  });
  const route = { url: "http://127.0.0.1:9/", relaysRootKeyUpdates: true };
  const { status } = await rig.call("PATCH", `network-servers/${NET_ID}`, route);
  assert.equal(status, 200);
  return rig;
}

async function join(rig: JoinServerRig, changes: Json = {}): Promise<TestDevice> {
  const device = new TestDevice("1.1.0");
  await rig.register(device, changes);
  await rig.join(device);
  return device;
}

function schedulerOf(
  { clock, log }: JoinServerRig,
  store: SqliteJoinServerStore,
  starter: UpdateStarter,
): UpdateScheduler {
  const { logger } = log;
  const policies = new PolicyBook({ store, clock, logger });
  const pace = { sweepMs: SWEEP_MS, startsPerMinute: 1_000_000 };
  return new UpdateScheduler({ store, policies, starter, clock, logger, sleep, ...pace });
}

describe("a policy at work", () => {
  it("brings a device to the next generation, and again after the next period", async () => {
    const rig = await startRig();
    await rig.put("update-policy", { maxAgeMs: 30 * DAY_MS });
    const device = await join(rig);
    const scheduler = schedulerOf(rig, rig.store, rig.updates);
    await scheduler.sweep();
    assert.deepEqual(rig.deliveries, []);
    for (const generation of [1, 2]) {
      rig.clock.time += 30 * DAY_MS;
      await scheduler.sweep();
      const { macCommand = "" } = rig.deliveries.at(-1) ?? {};
      const ready = device.receiveCommand(macCommand);
      const command = { DevEUI: device.devEui, MACCommand: ready };
      const answer = await rig.ask("RootKeyCommandReq", command);
      device.receiveCommand(answer["MACCommand"] as string);
      await rig.join(device);
      const shown = await rig.show(device);
      assert.deepEqual([shown["generation"], rig.deliveries.length], [generation, generation]);
      rig.clock.time += SWEEP_MS;
      await scheduler.sweep();
      assert.equal(rig.deliveries.length, generation);
    }
    const requesters = rig.events
      .filter(({ kind }) => kind === "update-started")
      .map(({ reason }) => reason);
    assert.deepEqual(requesters, ["policy:age", "policy:age"]);
  });

  it("forgets an event with the commit", async () => {
    const rig = await startRig();
    await rig.put("update-policy", { triggers: ["tampering"] });
    const device = await join(rig);
    const scheduler = schedulerOf(rig, rig.store, rig.updates);
    const report = { kind: "tampering" };
    await rig.call("POST", `devices/${device.devEui}/security-events`, report);
    await scheduler.sweep();
    const [{ macCommand } = { macCommand: "" }] = rig.deliveries;
    const command = { DevEUI: device.devEui, MACCommand: device.receiveCommand(macCommand) };
    device.receiveCommand((await rig.ask("RootKeyCommandReq", command))["MACCommand"] as string);
    await rig.join(device);
    rig.clock.time += 10 * DAY_MS;
    await scheduler.sweep();
    assert.equal(rig.deliveries.length, 1);
    const { body } = await rig.call("GET", `devices/${device.devEui}/update-policy`);
    assert.equal(body["due"], null);
  });

  it("counts sessions, and waits longer after each attempt that failed", async () => {
    const rig = await startRig();
    await rig.put("update-policy", { maxSessions: 3 });
    const device = await join(rig);
    const scheduler = schedulerOf(rig, rig.store, rig.updates);
    await rig.join(device);
    await scheduler.sweep();
    assert.equal(rig.deliveries.length, 0);
    await rig.join(device);
    rig.clock.time += SWEEP_MS;
    await scheduler.sweep();
    assert.equal(rig.deliveries.length, 1);
    for (const [index, waitDays] of [1, 2, 4].entries()) {
      const refusal = `80${(index + 1).toString(16).padStart(2, "0")}0002`;
      await rig.ask("RootKeyCommandReq", { DevEUI: device.devEui, MACCommand: refusal });
      rig.clock.time += waitDays * DAY_MS - 1;
      await scheduler.sweep();
      assert.equal(rig.deliveries.length, index + 1, `before day ${waitDays}`);
      rig.clock.time += SWEEP_MS;
      await scheduler.sweep();
      assert.equal(rig.deliveries.length, index + 2, `after day ${waitDays}`);
    }
  });

  it("hands a request over again when the Network Server was away", async () => {
    let isAway = true;
    const delivered: string[] = [];
    const rig = await startRig({
      sendRootKeyUpdateReq: (_peer, _device, macCommand) => {
        if (isAway) return Promise.reject(new WarrenError("peer-unreachable", "away"));
        delivered.push(formatHex(macCommand));
        return Promise.resolve();
      },
    });
    await rig.put("update-policy", { maxAgeMs: 30 * DAY_MS });
    await join(rig);
    const scheduler = schedulerOf(rig, rig.store, rig.updates);
    rig.clock.time += 30 * DAY_MS;
    await scheduler.sweep();
    isAway = false;
    rig.clock.time += SWEEP_MS;
    await scheduler.sweep();
    assert.equal(delivered.length, 1);
    rig.clock.time += SWEEP_MS;
    await scheduler.sweep();
    assert.equal(delivered.length, 1);
  });
});

describe("a device whose keys on record do not open", () => {
  for (const damage of DAMAGES) {
    it(`does not keep others from their updates, and is named (${damage.code})`, async () => {
      const rig = await startRig();
      const updatePolicy = { maxAgeMs: DAY_MS };
      const devices = [await join(rig), await join(rig, { updatePolicy }), await join(rig)];
      const [damaged, ...others] = devices as [TestDevice, TestDevice, TestDevice];
      await rig.put("update-policy", updatePolicy);
      rig.clock.time += DAY_MS;
      damageDevice(rig.path, damaged.devEui, damage);
      const scheduler = schedulerOf(rig, rig.store, rig.updates);
      await scheduler.sweep();
      const delivered = () => new Set(rig.deliveries.map(({ devEui }) => devEui));
      assert.deepEqual(delivered(), new Set(others.map(({ devEui }) => devEui)));
      const told = rig.log.lines.filter((line) => line.includes("policy-start-failed"));
      assert.equal(told.length, 1);
      assert.ok(told[0]?.includes(damage.code) && told[0].includes(damaged.devEui));
      const sweep = rig.log.lines.find((line) => line.includes("policy-sweep")) ?? "";
      assert.ok(sweep.includes(`"started":1,"refused":{"${damage.code}":1}`), sweep);
    });

    it(`does not keep their requests from being handed over again (${damage.code})`, async () => {
      let isAway = true;
      const delivered: string[] = [];
      const rig = await startRig({
        sendRootKeyUpdateReq: (_peer, { devEui }) => {
          if (isAway) return Promise.reject(new WarrenError("peer-unreachable", "away"));
          delivered.push(devEui);
          return Promise.resolve();
        },
      });
      const [damaged, other] = [await join(rig), await join(rig)];
      for (const { devEui } of [damaged, other]) {
        await rig.call("POST", `devices/${devEui}/root-key-update`);
      }
      isAway = false;
      rig.clock.time += SWEEP_MS;
      damageDevice(rig.path, damaged.devEui, damage);
      await schedulerOf(rig, rig.store, rig.updates).sweep();
      assert.deepEqual(delivered, [other.devEui]);
      const told = rig.log.lines.filter((line) => line.includes("redelivery-failed"));
      assert.equal(told.length, 1);
      assert.ok(told[0]?.includes(damage.code) && told[0].includes(damaged.devEui));
    });
  }
});

describe("two processes on one database", () => {
  it("start each update once, although both want every one at the same time", async () => {
    const requests = new Map<string, Set<string>>();
    const link: NetworkServerLink = {
      sendRootKeyUpdateReq: (_peer, { devEui }, macCommand) => {
        const known = requests.get(devEui) ?? new Set();
        requests.set(devEui, known.add(formatHex(macCommand)));
        return Promise.resolve();
      },
    };
    const rig = await startRig(link);
    await rig.put("update-policy", { maxAgeMs: 30 * DAY_MS });
    const devices: TestDevice[] = [];
    for (let index = 0; index < 30; index++) devices.push(await join(rig));
    rig.clock.time += 30 * DAY_MS;
    const other = SqliteJoinServerStore.openWith(rig.path, testVault());
    try {
      const { clock, log } = rig;
      const runner = new UpdateRunner({
        store: other,
        clock,
        randomBytes: systemRandomBytes,
        events: { publish: (event) => void rig.events.push(event) },
        logger: log.logger,
        updatePolicy: UPDATE_POLICY,
        policies: new PolicyBook({ store: other, clock, logger: log.logger }),
        networkServerLink: link,
        applicationServerLink: { sendRootKeyUpdateReq: () => Promise.reject(new TypeError()) },
      });
      const meetings = new Map<string, PromiseWithResolvers<void>>();
      const together = (starter: UpdateRunner): UpdateStarter => ({
        start: async (devEui, order) => {
          const meeting = meetings.get(devEui) ?? Promise.withResolvers<void>();
          if (meetings.has(devEui)) meeting.resolve();
          else meetings.set(devEui, meeting);
          await meeting.promise;
          return starter.start(devEui, order);
        },
        deliver: (devEui) => starter.deliver(devEui),
        abort: (devEui, actor) => starter.abort(devEui, actor),
      });
      await Promise.all([
        schedulerOf(rig, rig.store, together(rig.updates)).sweep(),
        schedulerOf(rig, other, together(runner)).sweep(),
      ]);
      assert.equal(meetings.size, devices.length);
    } finally {
      await other.close();
    }
    const started = rig.events.filter(({ kind }) => kind === "update-started");
    assert.equal(started.length, devices.length);
    for (const { devEui } of devices) {
      const shown = (await rig.call("GET", `devices/${devEui}`)).body;
      assert.equal(shown["lastUpdateId"], 1);
      // Handed over twice perhaps, and then octet by octet the same.
      assert.equal(requests.get(devEui)?.size, 1);
    }
  });
});
