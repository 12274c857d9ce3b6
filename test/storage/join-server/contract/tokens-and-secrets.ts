import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApiToken } from "../../../../src/join-server/ports/token-store.ts";
import { type MakeDatabase, StoreUnderTest } from "./store-under-test.ts";

const TOKEN: ApiToken = {
  id: "00000000000000aa",
  name: "Zoë's script",
  role: "operator",
  hash: "ab".repeat(32),
  createdAt: 2_000,
  expiresAt: undefined,
};
const OLDER: ApiToken = {
  ...TOKEN,
  id: "00000000000000ff",
  hash: "cd".repeat(32),
  createdAt: 1_000,
  expiresAt: 4e12,
};

export function describeTokensAndSecrets(makeDatabase: MakeDatabase): void {
  describe("API tokens", () => {
    const under = new StoreUnderTest(makeDatabase);

    it("are found by their hash and listed in the order of their creation", async () => {
      assert.equal(await under.store.findToken(TOKEN.hash), undefined);
      await under.store.saveToken(TOKEN);
      await under.store.saveToken(OLDER);
      for (const store of [under.store, await under.openAnother()]) {
        assert.deepEqual(await store.findToken(TOKEN.hash), TOKEN);
        assert.deepEqual(await store.findToken(OLDER.hash), OLDER);
        assert.deepEqual(await store.listTokens(), [OLDER, TOKEN]);
      }
    });

    it("are replaced by their id", async () => {
      const renewed: ApiToken = { ...TOKEN, role: "auditor", hash: "ef".repeat(32), expiresAt: 5 };
      await under.store.saveToken(renewed);
      assert.equal(await under.store.findToken(TOKEN.hash), undefined);
      assert.deepEqual(await under.store.listTokens(), [OLDER, renewed]);
    });

    it("are gone for every process once deleted", async () => {
      const another = await under.openAnother();
      assert.notEqual(await another.findToken(OLDER.hash), undefined);
      assert.equal(await under.store.deleteToken(OLDER.id), true);
      assert.equal(await under.store.deleteToken(OLDER.id), false);
      assert.equal(await another.findToken(OLDER.hash), undefined);
    });
  });

  describe("secrets of the server", () => {
    const under = new StoreUnderTest(makeDatabase);
    const octets = (...values: number[]) => Uint8Array.from(values);

    it("are kept once, and every process gets the one that is kept", async () => {
      assert.equal(await under.store.loadSecret("import-key"), undefined);
      const another = await under.openAnother();
      const kept = await Promise.all([
        under.store.saveSecretOnce("import-key", octets(1, 2, 3)),
        another.saveSecretOnce("import-key", octets(4, 5, 6)),
      ]);
      assert.deepEqual(octets(...kept[0]), octets(...kept[1]));
      const loaded = await (await under.openAnother()).loadSecret("import-key");
      assert.deepEqual(octets(...(loaded ?? [])), octets(...kept[0]));
    });

    it("have names of their own", async () => {
      await under.store.saveSecretOnce("another", octets(9));
      assert.deepEqual(octets(...((await under.store.loadSecret("another")) ?? [])), octets(9));
      assert.equal((await under.store.loadSecret("import-key"))?.length, 3);
    });
  });
}
