import type { DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import {
  PostgresDatabase,
  type PostgresRow,
  type PostgresSettings,
  type PostgresStatements,
} from "../../postgres-database.ts";
import { PostgresAuditLog } from "../postgres/postgres-audit-log.ts";
import { constrainSealing, PostgresDataKeys } from "../postgres/postgres-data-keys.ts";
import { POSTGRES_MIGRATIONS } from "../postgres/schema.ts";
import { analyzeGrown } from "../postgres/statements/analyze-grown.ts";
import { jsonRows } from "../postgres/statements/json-rows.ts";
import type { ColumnValue } from "../rows/column.ts";
import { BACKUP_TABLES, type BackupRow, type BackupTable } from "./backup-table.ts";
import type { TableSession, TableStore } from "./table-store.ts";

const STATEMENT_TIMEOUT_MS = 10 * 60_000;

const SELECT_LEAST = "SELECT value FROM counters WHERE name = 'least-sealing-version'";
const RAISE_LEAST = `UPDATE counters SET value = $1
  WHERE name = 'least-sealing-version' AND value < $1`;
const ANNOUNCE_PEERS = "UPDATE counters SET value = value + 1 WHERE name = 'peers-revision'";

/** Columns of type BIGINT, which PostgreSQL gives as text. */
const BIG_INTEGERS: ReadonlySet<string> = new Set([
  ...["version", "sealed_under", "created_at", "generation", "generation_since"],
  ...["update_started_at", "update_committed_at", "nwk_key_replaced_at", "expires_at"],
  ...["update_not_before", "next_attempt_at", "started_at", "ended_at", "seq", "at"],
  "last_join_at",
]);

/** The tables of a store in a PostgreSQL database. */
export class PostgresTables implements TableStore {
  readonly dataKeys: DataKeyStore;
  readonly #database: PostgresDatabase;
  readonly #audit: PostgresAuditLog;

  /** @throws WarrenError `storage-failed`, `configuration-invalid` */
  static async open(settings: PostgresSettings): Promise<PostgresTables> {
    return new PostgresTables(await PostgresDatabase.open(settings, POSTGRES_MIGRATIONS));
  }

  private constructor(database: PostgresDatabase) {
    this.#database = database;
    this.#audit = new PostgresAuditLog(database);
    this.dataKeys = new PostgresDataKeys(database, this.#audit);
  }

  snapshot<T>(work: (session: TableSession) => Promise<T>): Promise<T> {
    return this.#database.transaction((statements) => work(this.#session(statements, "")), {
      kind: "snapshot",
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    });
  }

  async change<T>(work: (session: TableSession) => Promise<T>): Promise<T> {
    const result = await this.#database.transaction(
      (statements) => work(this.#session(statements, "FOR UPDATE")),
      { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    );
    await analyzeGrown(
      this.#database,
      BACKUP_TABLES.map(({ name }) => name),
    );
    return result;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #session(statements: PostgresStatements, lock: string): TableSession {
    return {
      count: async ({ name }) =>
        Number((await statements.get(`SELECT count(*) AS count FROM ${name}`))?.["count"]),
      page: (table, after, limit) => page(statements, table, { after, limit }),
      find: async (table, ids) => {
        const sql = `SELECT ${table.columns.join(", ")} FROM ${table.name}
          WHERE ${table.key[0]} = ANY($1::text[]) ORDER BY ${table.key.join(", ")} ${lock}`;
        return (await statements.all(sql, ids)).map(toBackupRow);
      },
      insert: (table, rows) => {
        const columns = table.columns.join(", ");
        const sql = `INSERT INTO ${table.name} (${columns})
          SELECT ${columns} FROM json_populate_recordset(NULL::${table.name}, $1::json)
          ON CONFLICT DO NOTHING`;
        const values = rows.map((row) => table.columns.map((column) => row[column] as ColumnValue));
        return statements.run(sql, jsonRows(table.columns, values));
      },
      erase: async (table, ids) => {
        const sql = `DELETE FROM ${table.name} WHERE ${table.key[0]} = ANY($1::text[])`;
        await statements.run(sql, ids);
      },
      leastSealingVersion: async () => Number((await statements.get(SELECT_LEAST))?.["value"]),
      raiseLeastSealingVersion: async (version) => {
        if ((await statements.run(RAISE_LEAST, version)) === 1) {
          await constrainSealing(statements, version);
        }
      },
      announcePeers: async () => {
        await statements.run(ANNOUNCE_PEERS);
      },
      record: (event) => this.#audit.record(statements, [event]),
    };
  }
}

async function page(
  statements: PostgresStatements,
  table: BackupTable,
  { after, limit }: { readonly after: BackupRow | undefined; readonly limit: number },
): Promise<BackupRow[]> {
  const key = table.key.join(", ");
  const places = table.key.map((_, index) => `$${index + 2}`).join(", ");
  const from = after === undefined ? "" : `WHERE (${key}) > (${places})`;
  const rows = await statements.all(
    `SELECT ${table.columns.join(", ")} FROM ${table.name} ${from} ORDER BY ${key} LIMIT $1`,
    limit,
    ...(after === undefined ? [] : table.key.map((column) => after[column] as ColumnValue)),
  );
  return rows.map(toBackupRow);
}

function toBackupRow(row: PostgresRow): BackupRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      BIG_INTEGERS.has(column) && value !== null ? Number(value) : (value as ColumnValue),
    ]),
  );
}
