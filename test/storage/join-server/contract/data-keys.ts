import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DataKeyRecord } from "../../../../src/join-server/ports/data-key-store.ts";
import { type MakeDatabase, StoreUnderTest } from "./store-under-test.ts";

const recordOf = (version: number, octet = version): DataKeyRecord => ({
  version,
  vault: "pkcs11",
  wrappedKey: new Uint8Array(40).fill(octet),
  createdAt: 1_000 + version,
});

export function describeDataKeys(makeDatabase: MakeDatabase): void {
  describe("data keys", () => {
    const under = new StoreUnderTest(makeDatabase);

    it("are none at first, and anything may be sealed", async () => {
      assert.deepEqual(await under.store.listDataKeys(), []);
      assert.equal(await under.store.leastSealingVersion(), 0);
    });

    it("are inserted once a version and listed oldest first", async () => {
      assert.equal(await under.store.insertDataKey(recordOf(2)), true);
      assert.equal(await under.store.insertDataKey(recordOf(1)), true);
      assert.equal(await under.store.insertDataKey(recordOf(2, 99)), false);
      const [, another] = [under.store, await under.openAnother()];
      for (const store of [under.store, another]) {
        const listed = await store.listDataKeys();
        assert.deepEqual(
          listed.map((record) => ({ ...record, wrappedKey: Uint8Array.from(record.wrappedKey) })),
          [recordOf(1), recordOf(2)],
        );
      }
    });

    it("have a least version that is raised and never lowered", async () => {
      await under.store.raiseLeastSealingVersion(2);
      await under.store.raiseLeastSealingVersion(1);
      assert.equal(await under.store.leastSealingVersion(), 2);
      assert.equal(await (await under.openAnother()).leastSealingVersion(), 2);
    });

    it("are gone once deleted", async () => {
      await under.store.deleteDataKey(1);
      await under.store.deleteDataKey(7);
      assert.deepEqual(
        (await under.store.listDataKeys()).map(({ version }) => version),
        [2],
      );
    });
  });
}
