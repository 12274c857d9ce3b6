import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { DataKeyRecord, DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import type { SqliteDatabase } from "../../sqlite-database.ts";
import { requireCurrentDataKey } from "../current-data-key.ts";
import { DATA_KEY_COLUMNS, decodeDataKey, encodeDataKey } from "../rows/data-key-codec.ts";
import type { SqliteAuditLog } from "./sqlite-audit-log.ts";
import type { SqliteErasure } from "./sqlite-erasure.ts";

const INSERT_KEY = `INSERT INTO data_keys (${DATA_KEY_COLUMNS.join(", ")})
  VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`;

/** Wrapped data keys, and the least version that a save may be sealed under. */
export class SqliteDataKeys implements DataKeyStore {
  readonly #database: SqliteDatabase;
  readonly #audit: SqliteAuditLog;
  readonly #erasure: SqliteErasure;

  constructor(database: SqliteDatabase, audit: SqliteAuditLog, erasure: SqliteErasure) {
    this.#database = database;
    this.#audit = audit;
    this.#erasure = erasure;
  }

  /**
   * For the transaction of a save.
   *
   * @param sealedUnder data key version of the values that are saved
   * @throws SealedUnderOldKeyError
   */
  requireCurrent(sealedUnder: number): void {
    requireCurrentDataKey(sealedUnder, this.#leastVersion());
  }

  listDataKeys(): Promise<DataKeyRecord[]> {
    return Promise.try(() =>
      this.#database.all("SELECT * FROM data_keys ORDER BY version").map(decodeDataKey),
    );
  }

  insertDataKey(record: DataKeyRecord, audit?: AuditEvent): Promise<boolean> {
    return this.#change(
      audit,
      () => this.#database.run(INSERT_KEY, ...encodeDataKey(record)) === 1,
    );
  }

  leastSealingVersion(): Promise<number> {
    return Promise.try(() => this.#leastVersion());
  }

  async raiseLeastSealingVersion(version: number, audit?: AuditEvent): Promise<void> {
    await this.#change(
      audit,
      () =>
        this.#database.run(
          "UPDATE counters SET value = ? WHERE name = 'least-sealing-version' AND value < ?",
          version,
          version,
        ) === 1,
    );
  }

  async deleteDataKey(version: number, audit?: AuditEvent): Promise<void> {
    const isDeleted = await this.#change(
      audit,
      () => this.#database.run("DELETE FROM data_keys WHERE version = ?", version) === 1,
    );
    if (isDeleted) this.#erasure.request();
  }

  #change(audit: AuditEvent | undefined, change: () => boolean): Promise<boolean> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        const isChanged = change();
        if (isChanged) this.#audit.record(audit);
        return isChanged;
      }),
    );
  }

  #leastVersion(): number {
    const row = this.#database.get(
      "SELECT value FROM counters WHERE name = 'least-sealing-version'",
    );
    return Number(row?.["value"]);
  }
}
