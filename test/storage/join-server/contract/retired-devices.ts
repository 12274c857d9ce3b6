import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Device } from "../../../../src/join-server/device.ts";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";
import { anyDevice, assertSame } from "./arbitrary-records.ts";
import { type MakeDatabase, nonceOf, StoreUnderTest } from "./store-under-test.ts";

export function describeRetiredDevices(makeDatabase: MakeDatabase): void {
  describe("a deleted device", () => {
    const under = new StoreUnderTest(makeDatabase);

    async function createAgain(changes: Partial<Device> & { devEui: Eui64 }): Promise<Device> {
      const device = anyDevice(changes);
      assert.deepEqual(await under.store.createDevices([{ device, usedDevNonces: [] }]), [true]);
      return device;
    }

    it("is gone, and its DevEUI is free", async () => {
      const { devEui } = await under.created();
      const count = await under.store.countDevices();
      assert.equal(await under.store.deleteDevice(devEui), true);
      assert.equal(await under.store.loadDevice(devEui), undefined);
      assert.equal(await under.store.countDevices(), count - 1);
      assert.equal(await under.store.deleteDevice(devEui), false);
      await createAgain({ devEui });
      assert.equal(await under.store.countDevices(), count);
    });

    it("goes on with its nonces when it is created anew, whichever is larger", async () => {
      const { devEui } = await under.created({ joinNonce: 900, lastDevNonce: 50, rjCount1: 7 });
      await under.store.deleteDevice(devEui);
      const again = await createAgain({ devEui, joinNonce: 0, lastDevNonce: 60 });
      const stored = await under.loaded(devEui);
      assertSame(stored, {
        ...again,
        joinNonce: 900,
        initialJoinNonce: 900,
        lastDevNonce: 60,
        rjCount1: Math.max(7, again.rjCount1 ?? 0),
        rootKeys: { ...again.rootKeys, lastUpdateId: stored.rootKeys.lastUpdateId },
        version: stored.version,
      });
      await under.store.deleteDevice(devEui);
      await createAgain({ devEui, joinNonce: 5, lastDevNonce: undefined, rjCount1: undefined });
      const third = await under.loaded(devEui);
      assert.equal(third.joinNonce, 900);
      assert.equal(third.lastDevNonce, 60);
      assert.equal(third.rjCount1, stored.rjCount1);
    });

    it("does not bring nonces back that an operator had reset before it was deleted", async () => {
      const { devEui } = await under.created({ joinNonce: 9, lastDevNonce: 50 });
      await under.store.deleteDevice(devEui);
      await createAgain({ devEui, joinNonce: 0 });
      const stored = await under.loaded(devEui);
      await under.store.saveDevice({ ...stored, lastDevNonce: undefined });
      await under.store.deleteDevice(devEui);
      await createAgain({ devEui, joinNonce: 0, lastDevNonce: 3 });
      assert.equal((await under.loaded(devEui)).lastDevNonce, 3);
    });

    it("goes on with its UpdateIDs, of which its end-device takes only higher ones", async () => {
      const { devEui, rootKeys } = await under.created();
      const withLast = (lastUpdateId: number) => ({
        devEui,
        rootKeys: { ...rootKeys, lastUpdateId },
      });
      await under.store.saveDevice({ ...(await under.loaded(devEui)), ...withLast(900) });
      for (const [given, expected] of [
        [0, 900],
        [901, 901],
        [1, 901],
      ] as const) {
        await under.store.deleteDevice(devEui);
        await createAgain(withLast(given));
        assert.equal((await under.loaded(devEui)).rootKeys.lastUpdateId, expected);
      }
    });

    it("keeps its random DevNonces", async () => {
      const stored = await under.created();
      await under.store.saveDevice(stored, nonceOf(stored, 77));
      await under.store.deleteDevice(stored.devEui);
      const again = await createAgain({ devEui: stored.devEui, joinEui: stored.joinEui });
      const now = await under.loaded(again.devEui);
      assert.equal(await under.store.saveDevice(now, nonceOf(again, 77)), "dev-nonce-used");
    });

    it("is not brought back by a save from a copy of it", async () => {
      const copy = await under.created();
      await under.store.deleteDevice(copy.devEui);
      assert.equal(await under.store.saveDevice(copy), "version-conflict");
      await createAgain({ devEui: copy.devEui });
      const created = await under.loaded(copy.devEui);
      assert.equal(await under.store.saveDevice(copy), "version-conflict");
      assertSame(await under.loaded(copy.devEui), created);
    });
  });
}
