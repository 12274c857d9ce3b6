import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import type { MasterKeySource } from "../../src/vault/master-key-source.ts";
import { warrenError } from "../support/warren-error.ts";

/** A place for master keys as two processes open it; `elsewhere` is another one of the same kind. */
export interface PlaceUnderTest {
  open(): MasterKeySource;
  elsewhere(): MasterKeySource;
}

/** What every kind of master key source does. */
export function testMasterKeySource(makePlace: () => PlaceUnderTest): void {
  const dataKey = () => new Uint8Array(randomBytes(32));

  describe("as every source of master keys", () => {
    it("has no key at first, and then those that were made, each once", async () => {
      const place = makePlace();
      assert.deepEqual(await place.open().listVersions(), []);
      assert.equal(await place.open().createMasterKey(2), true);
      assert.equal(await place.open().createMasterKey(1), true);
      assert.equal(await place.open().createMasterKey(2), false);
      assert.deepEqual(await place.open().listVersions(), [1, 2]);
    });

    it("unwraps what another process wrapped, differently each time", async () => {
      const place = makePlace();
      await place.open().createMasterKey(1);
      const key = dataKey();
      const wrapped = await place.open().wrapDataKey(1, key);
      assert.notDeepEqual(await place.open().wrapDataKey(1, key), wrapped);
      assert.deepEqual(await place.open().unwrapDataKey(1, wrapped), key);
      assert.ok(!Buffer.from(wrapped).includes(Buffer.from(key)));
    });

    it("makes another key for each version, in each place", async () => {
      const place = makePlace();
      const [source, elsewhere] = [place.open(), place.elsewhere()];
      await source.createMasterKey(1);
      await source.createMasterKey(2);
      const wrapped = await source.wrapDataKey(1, dataKey());
      await assert.rejects(source.unwrapDataKey(2, wrapped), warrenError("master-key-wrong"));
      await elsewhere.createMasterKey(1);
      await assert.rejects(elsewhere.unwrapDataKey(1, wrapped), warrenError("master-key-wrong"));
    });

    it("unwraps nothing that was changed or cut", async () => {
      const source = makePlace().open();
      await source.createMasterKey(1);
      const wrapped = await source.wrapDataKey(1, dataKey());
      const isWrong = warrenError("master-key-wrong");
      for (let index = 0; index < wrapped.length; index += 7) {
        const changed = Uint8Array.from(wrapped);
        changed[index] = (changed[index] as number) ^ 1;
        await assert.rejects(source.unwrapDataKey(1, changed), isWrong);
        await assert.rejects(source.unwrapDataKey(1, wrapped.subarray(0, index)), isWrong);
      }
    });

    it("says that a version is missing, and where", async () => {
      const source = makePlace().open();
      for (const make of [
        () => source.wrapDataKey(7, dataKey()),
        () => source.unwrapDataKey(7, dataKey()),
      ]) {
        await assert.rejects(make(), (error: Error) => {
          assert.ok(warrenError("master-key-missing")(error));
          return error.message.includes(source.place) && error.message.includes("version 7");
        });
      }
    });

    it("destroys the versions it is told, also a second time", async () => {
      const place = makePlace();
      const source = place.open();
      for (const version of [1, 2, 3]) await source.createMasterKey(version);
      const wrapped = await source.wrapDataKey(3, dataKey());
      for (let round = 0; round < 2; round++) {
        await source.destroyMasterKeys([1, 2]);
        assert.deepEqual(await place.open().listVersions(), [3]);
      }
      assert.equal((await source.unwrapDataKey(3, wrapped)).length, 32);
      await source.destroyMasterKeys([3]);
      assert.deepEqual(await place.open().listVersions(), []);
    });
  });
}
