import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Device } from "../../../../src/join-server/device.ts";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";
import {
  BACKUP_TABLES,
  type BackupTable,
} from "../../../../src/storage/join-server/backup/backup-table.ts";
import { PostgresTables } from "../../../../src/storage/join-server/backup/postgres-tables.ts";
import { PostgresJoinServerStore } from "../../../../src/storage/join-server/postgres/postgres-join-server-store.ts";
import { POSTGRES_MIGRATIONS } from "../../../../src/storage/join-server/postgres/schema.ts";
import { PostgresDatabase } from "../../../../src/storage/postgres-database.ts";
import { POSTGRES_SKIP, UNHURRIED, usePostgres } from "../../../support/postgres.ts";
import { testVault } from "../../../support/test-vault.ts";
import { anyDevice } from "../contract/arbitrary-records.ts";
import { aMember } from "../contract/updates/campaign-records.ts";

const postgres = usePostgres();
const FEW = 3;
const MANY = 6_000;
const A_BATCH = 1_000;
/** Enough that each connection keeps its plans. */
const ROUNDS = 12;

describe("a database that had a few devices and gets many", { skip: POSTGRES_SKIP }, () => {
  let joining: PostgresJoinServerStore;
  let importing: PostgresJoinServerStore;
  let tables: PostgresTables;
  let database: PostgresDatabase;
  before(async () => {
    const settings = { url: await postgres().createDatabase(), maxConnections: 2, ...UNHURRIED };
    joining = await PostgresJoinServerStore.openWith(settings, testVault());
    importing = await PostgresJoinServerStore.openWith(settings, testVault());
    tables = await PostgresTables.open(settings);
    database = await PostgresDatabase.open(settings, POSTGRES_MIGRATIONS);
  });
  after(async () => {
    for (const each of [joining, importing, tables, database]) await each?.close();
  });

  async function joinAll(devices: readonly Device[]): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      for (const { devEui } of devices) {
        const from = (await joining.loadDevice(devEui)) as Device;
        const device = { ...from, joinNonce: from.joinNonce + 1 };
        assert.equal(await joining.saveDevice(device, { from }), "saved");
      }
    }
  }

  /** Rows of devices that statements have read because they read the whole table. */
  async function readInPassing(): Promise<number> {
    const sql = "SELECT seq_tup_read AS rows FROM pg_stat_user_tables WHERE relname = 'devices'";
    return Number((await database.get(sql))?.["rows"]);
  }

  /** A process tells its counts within a second after its last statement. */
  const told = () => new Promise((resolve) => setTimeout(resolve, 1_200));

  it("joins without reading all of them, whatever it did when they were few", async () => {
    const few = Array.from({ length: FEW }, () => anyDevice({ joinNonce: 0 }));
    await importing.createDevices(few.map((device) => ({ device, usedDevNonces: [] })));
    await database.script("ANALYZE devices");
    await joinAll(few);
    await told();
    await joining.isReady();
    assert.ok((await readInPassing()) >= ROUNDS * FEW, "the few were not read as a whole");

    const many = Array.from({ length: MANY }, (_, index) => ({
      ...(few[0] as Device),
      devEui: (0xa000000000000000n + BigInt(index)).toString(16) as Eui64,
    }));
    for (let at = 0; at < MANY; at += A_BATCH) {
      const batch = many.slice(at, at + A_BATCH);
      await importing.createDevices(batch.map((device) => ({ device, usedDevNonces: [] })));
    }
    await told();
    const before = await readInPassing();
    await joinAll(few);
    await told();
    const read = (await readInPassing()) - before;
    assert.ok(read < MANY, `${read} rows read in passing`);
  });

  /** Rows that the planner takes a table to have; below 0 before anybody has looked. */
  async function plannedRows(table: string): Promise<number> {
    const row = await database.get(
      `SELECT reltuples::int AS rows FROM pg_class WHERE oid = '${table}'::regclass`,
    );
    return Number(row?.["rows"]);
  }

  it("has its tables looked at when a campaign has been prepared", async () => {
    assert.ok((await plannedRows("campaign_members")) < 0);
    const members = Array.from({ length: A_BATCH }, (_, index) => aMember(index));
    await importing.addMembers("campaign", members);
    assert.equal(await plannedRows("campaign_members"), A_BATCH);
  });

  it("has its tables looked at when a backup has been restored", async () => {
    assert.ok((await plannedRows("retired_devices")) < 0);
    const table = BACKUP_TABLES.find(({ name }) => name === "retired_devices") as BackupTable;
    const rows = Array.from({ length: A_BATCH * 2 }, (_, index) => ({
      ...Object.fromEntries(table.columns.map((column) => [column, 1])),
      dev_eui: index.toString(16).padStart(16, "0"),
    }));
    assert.equal(await tables.change((session) => session.insert(table, rows)), rows.length);
    assert.equal(await plannedRows("retired_devices"), rows.length);
  });
});
