import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ExpirySweep,
  type ExpirySweepOptions,
} from "../../../src/join-server/root-key-updates/timeline/expiry-sweep.ts";
import { DAMAGES, damageDevice } from "../../support/damage-device.ts";
import { JoinServerRig, NET_ID } from "../../support/join-server-rig.ts";
import { joined, startByOperator } from "./support.ts";

const EXPIRY_MS = 10_000;

async function withUpdates(count: number) {
  const rig = await JoinServerRig.start();
  await rig.put(`network-servers/${NET_ID}`, {
    kek: "11".repeat(16),
    url: "http://127.0.0.1:9",
    relaysRootKeyUpdates: true,
  });
  const devices = await Promise.all(Array.from({ length: count }, () => joined(rig)));
  for (const device of devices) await startByOperator(rig, device);
  rig.clock.time += EXPIRY_MS;
  return { rig, devices };
}

function sweepOf(rig: JoinServerRig, changes: Partial<ExpirySweepOptions["store"]>): ExpirySweep {
  const { store } = rig;
  return new ExpirySweep({
    store: {
      findStuckDevices: (...query) => store.findStuckDevices(...query),
      loadDevice: (...which) => store.loadDevice(...which),
      saveDevice: (...change) => store.saveDevice(...change),
      ...changes,
    },
    policies: { levels: () => ({ allDevices: {}, profiles: new Map() }) },
    updatePolicy: {
      expiryMs: EXPIRY_MS,
      attemptPeriodMs: 0,
      allowRabbitSplit: false,
      shortestPeriodMs: 0,
    },
    clock: rig.clock,
    events: { publish: (event) => rig.events.push(event) },
    logger: rig.log.logger,
  });
}

describe("looking for updates that have taken too long", () => {
  it("goes on behind a device that was deleted meanwhile, and one that changes all the time", async () => {
    const { rig, devices } = await withUpdates(4);
    const [deleted, busy] = devices.map(({ devEui }) => devEui).toSorted();
    const sweep = sweepOf(rig, {
      loadDevice: async (devEui, freshness) =>
        devEui === deleted ? undefined : rig.store.loadDevice(devEui, freshness),
      saveDevice: async (device, change) =>
        device.devEui === busy ? "version-conflict" : rig.store.saveDevice(device, change),
    });
    assert.equal(await sweep.sweep(), 2);
  });

  it("looks at every page", async () => {
    const { rig } = await withUpdates(3);
    const sweep = sweepOf(rig, {
      findStuckDevices: (query, _limit, after) => rig.store.findStuckDevices(query, 1, after),
    });
    assert.equal(await sweep.sweep(), 3);
  });

  for (const damage of DAMAGES) {
    it(`goes on behind one whose keys do not open, and names it (${damage.code})`, async () => {
      const { rig, devices } = await withUpdates(3);
      const [damaged = ""] = devices.map(({ devEui }) => devEui).toSorted();
      damageDevice(rig.path, damaged, damage);
      assert.equal(await sweepOf(rig, {}).sweep(), 2);
      const [told = "", ...more] = rig.log.lines.filter((line) => line.includes("expiry-sweep"));
      assert.deepEqual(
        [more, told.includes(damage.code), told.includes(damaged)],
        [[], true, true],
      );
    });
  }

  it("goes on behind one at which the program itself fails", async () => {
    const { rig, devices } = await withUpdates(3);
    const [first] = devices.map(({ devEui }) => devEui).toSorted();
    const sweep = sweepOf(rig, {
      saveDevice: (device, change) =>
        device.devEui === first
          ? Promise.reject(new TypeError("a defect"))
          : rig.store.saveDevice(device, change),
    });
    assert.equal(await sweep.sweep(), 2);
    assert.ok(rig.log.lines.some((line) => line.includes("a defect") && line.includes(`${first}`)));
  });

  it("stops where the database is away, and looks again by itself, also after a defect", async () => {
    const { rig } = await withUpdates(1);
    let calls = 0;
    const sweep = sweepOf(rig, {
      findStuckDevices: (...query) => {
        calls += 1;
        return calls === 1
          ? Promise.reject(new TypeError("a defect"))
          : rig.store.findStuckDevices(...query);
      },
    });
    sweep.start();
    for (let waited = 0; waited < 50 && rig.events.at(-1)?.kind !== "update-failed"; waited++) {
      await sleep(100);
    }
    await sweep.close();
    assert.equal(rig.events.at(-1)?.reason, "expired");
    assert.ok(rig.log.lines.some((line) => line.includes("a defect")));
  });
});
