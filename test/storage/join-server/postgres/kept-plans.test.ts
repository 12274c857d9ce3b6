import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { JoinRow } from "../../../../src/storage/join-server/join-row.ts";
import { GroupedLoads } from "../../../../src/storage/join-server/postgres/devices/grouped-loads.ts";
import { writeJoins } from "../../../../src/storage/join-server/postgres/devices/write-joins.ts";
import { PostgresJoinServerStore } from "../../../../src/storage/join-server/postgres/postgres-join-server-store.ts";
import { POSTGRES_MIGRATIONS } from "../../../../src/storage/join-server/postgres/schema.ts";
import { JOIN_COLUMNS } from "../../../../src/storage/join-server/rows/devices/joined-device.ts";
import { PostgresDatabase } from "../../../../src/storage/postgres-database.ts";
import { POSTGRES_SKIP, UNHURRIED, usePostgres } from "../../../support/postgres.ts";
import { testVault } from "../../../support/test-vault.ts";
import { anyDevice } from "../contract/arbitrary-records.ts";

const postgres = usePostgres();
/** So many that PostgreSQL would rather not read all of them. */
const DEVICES = 3_000;
const RUNS = 30;
/** PostgreSQL looks at the costs of so many plans of its own before it may keep one (PREPARE, "Notes"). */
const FIRST_PLANS = 5;

describe("statements for groups of devices", { skip: POSTGRES_SKIP }, () => {
  const devices = Array.from({ length: DEVICES }, () => anyDevice());
  /** Of one connection: plans are the connection's. */
  let database: PostgresDatabase;
  before(async () => {
    const settings = { url: await postgres().createDatabase(), maxConnections: 1, ...UNHURRIED };
    const store = await PostgresJoinServerStore.openWith(settings, testVault());
    await store.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
    await store.close();
    database = await PostgresDatabase.open(settings, POSTGRES_MIGRATIONS);
    await database.script("ANALYZE devices");
  });
  after(() => database.close());

  function rowOf({ devEui }: (typeof devices)[number], usedDevNonce?: number): JoinRow {
    const values = JOIN_COLUMNS.map((column) => (column === "sessions" ? new Uint8Array(1) : 1));
    const used =
      usedDevNonce === undefined ? undefined : { joinEui: devEui, devNonce: usedDevNonce };
    return { devEui, version: -1, sealedUnder: 1, values, usedDevNonce: used };
  }

  async function plansOf(words: string): Promise<{ made: number; kept: number }> {
    const sql = `SELECT custom_plans AS made, generic_plans AS kept FROM pg_prepared_statements
      WHERE statement LIKE '%${words}%' AND statement NOT LIKE '%pg_prepared%'`;
    const [plans, ...others] = await database.all(sql);
    assert.equal(others.length, 0);
    return { made: Number(plans?.["made"]), kept: Number(plans?.["kept"]) };
  }

  const load = async (count: number): Promise<void> => {
    const loads = new GroupedLoads(database);
    const some = devices.slice(0, count);
    const rows = await Promise.all(some.map(({ devEui }) => loads.load(devEui)));
    assert.ok(rows.every((row) => row !== undefined));
  };
  const save = async (count: number, usedDevNonce?: number): Promise<void> => {
    const rows = devices.slice(0, count).map((device) => rowOf(device, usedDevNonce));
    const outcomes = await writeJoins(database, rows);
    assert.deepEqual(new Set(outcomes), new Set(["version-conflict"]));
  };

  for (const [name, words, work] of [
    ["loads", "ANY(", load],
    ["joins", "FALSE AS is_used", save],
    [
      "joins with a DevNonce",
      "EXISTS (SELECT FROM used_dev_nonces",
      (count: number) => save(count, 7),
    ],
  ] as const) {
    it(`are planned a few times and then no more: ${name}, however few`, async () => {
      for (let run = 0; run < RUNS; run++) await work(1 + (run % 3));
      assert.deepEqual(await plansOf(words), { made: FIRST_PLANS, kept: RUNS - FIRST_PLANS });
    });
  }
});
