import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { Client } from "pg";
import type { JoinServerStore } from "../../../src/join-server/ports/join-server-store.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";
import { PostgresJoinServerStore } from "../../../src/storage/join-server/postgres/postgres-join-server-store.ts";
import { POSTGRES_MIGRATIONS } from "../../../src/storage/join-server/postgres/schema.ts";
import { JOIN_SERVER_MIGRATIONS } from "../../../src/storage/join-server/sqlite/schema.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { POSTGRES_SKIP, UNHURRIED, usePostgres } from "../../support/postgres.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { TestKeyring } from "../../support/test-vault.ts";
import { anyDevice } from "./contract/arbitrary-records.ts";

const DROP = "ALTER TABLE devices DROP COLUMN initial_join_nonce";
const DAY_MS = 86_400_000;
/** A device has 1,024 rejoins and one more each 512 s: 169 a day. */
const DEVICES = [
  { joinNonce: 1_000, ageMs: 0, expected: 0 },
  { joinNonce: 1_100, ageMs: DAY_MS, expected: 0 },
  { joinNonce: 1_300, ageMs: DAY_MS, expected: 1_300 },
  { joinNonce: 5_000, ageMs: 0, expected: 5_000 },
] as const;

const versionWithout = (migrations: readonly string[]) => {
  const index = migrations.findIndex((each) => each.includes("ADD COLUMN initial_join_nonce"));
  assert.ok(index > 0);
  return index;
};
const devEuiOf = (index: number) => `000000000000000${index}` as Eui64;

async function fill(store: JoinServerStore): Promise<void> {
  await store.createDevices(
    DEVICES.map(({ joinNonce, ageMs }, index) => {
      const createdAt = Date.now() - ageMs;
      const device = anyDevice({ devEui: devEuiOf(index), joinNonce, createdAt });
      return { device, usedDevNonces: [] };
    }),
  );
  await store.close();
}

async function check(store: JoinServerStore): Promise<void> {
  for (const [index, { joinNonce, expected }] of DEVICES.entries()) {
    const device = await store.loadDevice(devEuiOf(index));
    assert.equal(device?.joinNonce, joinNonce);
    assert.equal(device.initialJoinNonce, expected, `JoinNonce ${joinNonce}`);
  }
  await store.close();
}

describe("a database in which some devices have no rejoin left, since they came with their JoinNonce", () => {
  it("counts those from now on, with SQLite", async () => {
    const path = join(temporaryFolder(), "js.db");
    const keyring = new TestKeyring();
    const open = () =>
      SqliteJoinServerStore.open(path, async () => keyring.openVault(), {
        joinWriter: "same-thread",
      });
    await fill(await open());
    const database = new DatabaseSync(path);
    database.exec(`${DROP}; PRAGMA user_version = ${versionWithout(JOIN_SERVER_MIGRATIONS)}`);
    database.close();
    await check(await open());
  });

  describe("with PostgreSQL", { skip: POSTGRES_SKIP }, () => {
    const postgres = usePostgres();

    it("counts those from now on", async () => {
      const url = await postgres().createDatabase();
      const keyring = new TestKeyring();
      const open = () =>
        PostgresJoinServerStore.open({ url, maxConnections: 2, ...UNHURRIED }, async () =>
          keyring.openVault(),
        );
      await fill(await open());
      const client = new Client(url);
      await client.connect();
      await client.query(DROP);
      await client.query(
        `UPDATE schema_version SET version = ${versionWithout(POSTGRES_MIGRATIONS)}`,
      );
      await client.end();
      await check(await open());
    });
  });
});
