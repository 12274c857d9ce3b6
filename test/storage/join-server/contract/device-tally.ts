import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Device } from "../../../../src/join-server/device.ts";
import type { DeviceTally } from "../../../../src/join-server/ports/device-store.ts";
import { anyDevice, sampleOf, update } from "./arbitrary-records.ts";
import { type MakeDatabase, StoreUnderTest } from "./store-under-test.ts";

/** More than one slice of SQLite. */
const DEVICES = 2_500;

function deviceOfKind(index: number): Device {
  const device = anyDevice({
    macVersion: index % 2 === 0 ? "1.0.3" : "1.1.0",
    isDisabled: index % 7 === 0,
    joinNonce: index % 3,
  });
  const statuses = [undefined, "prepared", "failed"] as const;
  const status = statuses[index % statuses.length];
  const record = status === undefined ? undefined : { ...sampleOf(update), status };
  return { ...device, rootKeys: { ...device.rootKeys, generation: index % 5, update: record } };
}

function tallyOf(device: Device): Omit<DeviceTally, "count"> {
  return {
    macVersion: device.macVersion,
    generation: device.rootKeys.generation,
    updateStatus: device.rootKeys.update?.status,
    isDisabled: device.isDisabled,
    hasJoined: device.joinNonce > 0,
  };
}

const inOrder = (tallies: readonly DeviceTally[]): string[] =>
  tallies
    .map(({ macVersion, generation, updateStatus, isDisabled, hasJoined, count }) =>
      [macVersion, generation, updateStatus, isDisabled, hasJoined, count].join(),
    )
    .toSorted();

export function describeDeviceTally(makeDatabase: MakeDatabase): void {
  describe("the tally of devices", () => {
    const under = new StoreUnderTest(makeDatabase);

    it("is empty without devices", async () => {
      assert.deepEqual(await under.store.tallyDevices(), []);
    });

    it("counts every device once, with those that it is alike", async () => {
      const devices = Array.from({ length: DEVICES }, (_, index) => deviceOfKind(index));
      for (let start = 0; start < DEVICES; start += 500) {
        const added = devices.slice(start, start + 500);
        await under.store.createDevices(added.map((device) => ({ device, usedDevNonces: [] })));
      }
      const gone = devices.splice(100, 3);
      for (const { devEui } of gone) await under.store.deleteDevice(devEui);
      const expected = new Map<string, DeviceTally>();
      for (const alike of devices.map(tallyOf)) {
        const key = JSON.stringify(alike);
        expected.set(key, { ...alike, count: (expected.get(key)?.count ?? 0) + 1 });
      }
      const tallies = await under.store.tallyDevices();
      assert.deepEqual(inOrder(tallies), inOrder([...expected.values()]));
      assert.ok(expected.size > 20);
    });
  });
}
