import { setTimeout } from "node:timers/promises";
import { WarrenError } from "../../../errors.ts";
import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import { SqliteDatabase } from "../../sqlite-database.ts";
import type { ColumnValue } from "../rows/column.ts";
import { JOIN_SERVER_MIGRATIONS } from "../sqlite/schema.ts";
import { SqliteAuditLog } from "../sqlite/sqlite-audit-log.ts";
import { SqliteDataKeys } from "../sqlite/sqlite-data-keys.ts";
import { SqliteErasure } from "../sqlite/sqlite-erasure.ts";
import { type BackupRow, type BackupTable, DEVICES } from "./backup-table.ts";
import type { TableSession, TableStore } from "./table-store.ts";

const SELECT_LEAST = "SELECT value FROM counters WHERE name = 'least-sealing-version'";
const RAISE_LEAST = `UPDATE counters SET value = ?1
  WHERE name = 'least-sealing-version' AND value < ?1`;
const COUNT_DEVICES = "UPDATE counters SET value = value + ? WHERE name = 'devices'";
const ANNOUNCE_PEERS = "UPDATE counters SET value = value + 1 WHERE name = 'peers-revision'";

/** Whoever waits for the lock looks for it at least so often. */
const LONGEST_PAUSE_MS = 100;

/** Tables of the first schema, whose keys are in the clear until a Join Server has taken them over. */
const CLEAR_TABLES = "clear\\_%";

/** The tables of a store in a SQLite file. */
export class SqliteTables implements TableStore {
  readonly dataKeys: DataKeyStore;
  readonly #database: SqliteDatabase;
  readonly #audit: SqliteAuditLog;

  /** @throws WarrenError `storage-failed`, also for a file that still holds keys in the clear */
  constructor(path: string) {
    this.#database = new SqliteDatabase(path, JOIN_SERVER_MIGRATIONS);
    this.#audit = new SqliteAuditLog(this.#database);
    const erasure = new SqliteErasure(this.#database);
    this.dataKeys = new SqliteDataKeys(this.#database, this.#audit, erasure);
    try {
      this.#requireSealed(path);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** @throws WarrenError `storage-failed` when a page or an index is not as SQLite has written it */
  checkIntegrity(): void {
    const rows = this.#database.all("PRAGMA integrity_check");
    const first = Object.values(rows[0] ?? {})[0];
    if (first !== "ok") {
      throw new WarrenError("storage-failed", `the database is damaged: ${String(first)}`);
    }
  }

  /** Makes it one file that needs no other beside it. */
  detach(): void {
    this.#database.get("PRAGMA journal_mode = DELETE");
  }

  snapshot<T>(work: (session: TableSession) => Promise<T>): Promise<T> {
    return this.#transaction("BEGIN", work);
  }

  /** Gives the lock away afterwards for as long as it was held: SQLite does not keep a queue. */
  async change<T>(work: (session: TableSession) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await this.#transaction("BEGIN IMMEDIATE", work);
    await setTimeout(Math.min(performance.now() - startedAt, LONGEST_PAUSE_MS));
    return result;
  }

  close(): Promise<void> {
    return Promise.try(() => this.#database.close());
  }

  async #transaction<T>(begin: string, work: (session: TableSession) => Promise<T>): Promise<T> {
    this.#database.run(begin);
    try {
      const result = await work(this.#session());
      this.#database.run("COMMIT");
      return result;
    } catch (error) {
      this.#database.run("ROLLBACK");
      throw error;
    }
  }

  #session(): TableSession {
    const database = this.#database;
    return {
      count: (table) =>
        Promise.try(() =>
          Number(database.get(`SELECT count(*) AS count FROM ${table.name}`)?.["count"]),
        ),
      page: (table, after, limit) => Promise.try(() => this.#page(table, after, limit)),
      find: (table, ids) =>
        Promise.try(
          () =>
            database.all(
              `SELECT ${table.columns.join(", ")} FROM ${table.name}
               WHERE ${table.key[0]} IN (SELECT value FROM json_each(?))`,
              JSON.stringify(ids),
            ) as BackupRow[],
        ),
      insert: (table, rows) => Promise.try(() => this.#insert(table, rows)),
      erase: (table, ids) =>
        Promise.try(() => {
          const sql = `DELETE FROM ${table.name} WHERE ${table.key[0]} = ?`;
          const erased = ids.reduce((sum, id) => sum + database.run(sql, id), 0);
          this.#count(table, -erased);
        }),
      leastSealingVersion: () => Promise.try(() => Number(database.get(SELECT_LEAST)?.["value"])),
      raiseLeastSealingVersion: (version) =>
        Promise.try(() => {
          database.run(RAISE_LEAST, version);
        }),
      announcePeers: () =>
        Promise.try(() => {
          database.run(ANNOUNCE_PEERS);
        }),
      record: (event: AuditEvent) => Promise.try(() => this.#audit.record(event)),
    };
  }

  #page(table: BackupTable, after: BackupRow | undefined, limit: number): BackupRow[] {
    const key = table.key.join(", ");
    const from =
      after === undefined ? "" : `WHERE (${key}) > (${table.key.map(() => "?").join(", ")})`;
    return this.#database.all(
      `SELECT ${table.columns.join(", ")} FROM ${table.name} ${from} ORDER BY ${key} LIMIT ?`,
      ...(after === undefined ? [] : table.key.map((column) => after[column] as ColumnValue)),
      limit,
    ) as BackupRow[];
  }

  #insert(table: BackupTable, rows: readonly BackupRow[]): number {
    const sql = `INSERT INTO ${table.name} (${table.columns.join(", ")})
      VALUES (${table.columns.map(() => "?").join(", ")}) ON CONFLICT DO NOTHING`;
    const added = rows.reduce(
      (sum, row) =>
        sum + this.#database.run(sql, ...table.columns.map((column) => row[column] as ColumnValue)),
      0,
    );
    this.#count(table, added);
    return added;
  }

  /** The store counts its devices in a row of its own. */
  #count(table: BackupTable, added: number): void {
    if (table === DEVICES && added !== 0) this.#database.run(COUNT_DEVICES, added);
  }

  #requireSealed(path: string): void {
    const tables = this.#database.all(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '${CLEAR_TABLES}' ESCAPE '\\'`,
    );
    for (const { name } of tables) {
      if (this.#database.get(`SELECT 1 FROM ${String(name)} LIMIT 1`) === undefined) continue;
      throw new WarrenError(
        "storage-failed",
        `${path} is of an older program and holds keys in the clear: start the Join Server with it once`,
      );
    }
  }
}
