import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { describe, it, mock } from "node:test";
import { Client } from "pg";
import type { DeviceStore, DueQuery } from "../../../src/join-server/ports/device-store.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";
import { PostgresJoinServerStore } from "../../../src/storage/join-server/postgres/postgres-join-server-store.ts";
import {
  dueConditions,
  stuckConditions,
  UPDATE_INDEXES,
} from "../../../src/storage/join-server/rows/searches/update-conditions.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { PostgresDatabase } from "../../../src/storage/postgres-database.ts";
import { SqliteDatabase } from "../../../src/storage/sqlite-database.ts";
import { POSTGRES_SKIP, UNHURRIED, usePostgres } from "../../support/postgres.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { TestKeyring, testVault } from "../../support/test-vault.ts";
import { anyDevice } from "./contract/arbitrary-records.ts";

/** So many that PostgreSQL would rather not read all of them. */
const DEVICES = 3_000;

type Index = keyof typeof UPDATE_INDEXES;
type Store = Pick<DeviceStore, "createDevices" | "findDueDevices" | "findStuckDevices">;
interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const DUE: DueQuery = { now: 1_000, deviceProfile: { noneOf: ["meters"] }, hasOwnPolicy: false };
/** What Join Servers look for every few minutes, whether or not anything is to be updated. */
const LOOKS: Readonly<Record<Index, (store: Store) => Promise<unknown>>> = {
  devices_under_way: (store) => store.findStuckDevices({ startedAtMost: 900 }, 64),
  devices_with_own_policy: (store) => store.findDueDevices({ ...DUE, hasOwnPolicy: true }, 64),
  devices_with_update_wanted: (store) => store.findDueDevices({ ...DUE, isUpdateWanted: true }, 64),
};

async function fill(store: Store): Promise<void> {
  const devices = Array.from({ length: DEVICES }, (_, index) =>
    anyDevice({
      devEui: index.toString(16).padStart(16, "0") as Eui64,
      updatePolicy: index === 7 ? { isHealing: true } : {},
      updateWanted: index === 8 ? "tampering" : undefined,
    }),
  );
  await store.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
}

/** The statements on devices that a look makes. */
async function statementsOf(prototype: object, look: () => Promise<unknown>): Promise<Statement[]> {
  const database = prototype as Record<"all" | "get", (...args: unknown[]) => unknown>;
  const methods = [mock.method(database, "all"), mock.method(database, "get")];
  try {
    await look();
    const calls = methods.flatMap((method) => method.mock.calls);
    const statements = calls.map(({ arguments: [sql, ...values] }) => ({ sql: `${sql}`, values }));
    return statements.filter(({ sql }) => / FROM devices /.test(sql));
  } finally {
    for (const method of methods) method.mock.restore();
  }
}

describe("looks for devices that updates are about", () => {
  for (const [index, look] of Object.entries(LOOKS)) {
    it(`read only the index ${index} of a SQLite database`, async () => {
      const path = join(temporaryFolder(), "js.db");
      const keyring = new TestKeyring();
      const store = await SqliteJoinServerStore.open(path, async () => keyring.openVault(), {
        joinWriter: "same-thread",
      });
      await fill(store);
      const statements = await statementsOf(SqliteDatabase.prototype, () => look(store));
      await store.close();
      assert.ok(statements.length > 0);
      const database = new DatabaseSync(path);
      for (const { sql, values } of statements) {
        const plan = database
          .prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all(...(values as SQLInputValue[]))
          .map(({ detail }) => `${detail}`);
        assert.match(plan.join("; "), new RegExp(`^SEARCH devices USING [A-Z ]*INDEX ${index} `));
      }
      database.close();
    });
  }

  describe("of a PostgreSQL database", { skip: POSTGRES_SKIP }, () => {
    const postgres = usePostgres();

    it("read only their indexes", async () => {
      const url = await postgres().createDatabase();
      const settings = { url, maxConnections: 2, ...UNHURRIED };
      const store = await PostgresJoinServerStore.openWith(settings, testVault());
      await fill(store);
      const client = new Client(url);
      await client.connect();
      await client.query("ANALYZE devices");
      for (const [index, look] of Object.entries(LOOKS)) {
        const statements = await statementsOf(PostgresDatabase.prototype, () => look(store));
        assert.ok(statements.length > 0);
        for (const { sql, values } of statements) {
          const { rows } = await client.query(`EXPLAIN ${sql}`, [...values]);
          const plan = rows.map((row) => `${row["QUERY PLAN"]}`).join("\n");
          assert.match(plan, new RegExp(`Scan using ${index} on devices`));
          assert.doesNotMatch(plan, /Seq Scan|devices_pkey/);
        }
      }
      await client.end();
      await store.close();
    });
  });
});

describe("conditions of updates", () => {
  it("take an index only when it answers the whole question", () => {
    const texts = (range: readonly { text: string }[] | undefined) =>
      range?.map(({ text }) => text);
    const wantedOrOld = { ...DUE, isUpdateWanted: true, generationSinceAtMost: 5 };
    assert.deepEqual(texts(dueConditions(wantedOrOld)?.range), []);
    const oldOrFailed = { startedAtMost: 900, failedAttemptsAtLeast: 3 };
    assert.deepEqual(texts(stuckConditions(oldOrFailed).range), []);
    const old = { startedAtMost: 900 };
    assert.deepEqual(texts(stuckConditions(old).range), [UPDATE_INDEXES.devices_under_way]);
  });
});
