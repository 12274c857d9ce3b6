import { setTimeout as sleep } from "node:timers/promises";
import { WarrenError } from "../../../errors.ts";
import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { DataKeyRecord, DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import {
  type PostgresDatabase,
  type PostgresStatements,
  refusalOf,
} from "../../postgres-database.ts";
import { SealedUnderOldKeyError } from "../current-data-key.ts";
import { DATA_KEY_COLUMNS, decodeDataKey, encodeDataKey } from "../rows/data-key-codec.ts";
import type { PostgresAuditLog } from "./postgres-audit-log.ts";
import { SEALING_CONSTRAINT } from "./schema.ts";

const COLUMNS = DATA_KEY_COLUMNS.join(", ");
const SEALED_TABLES = ["devices", "network_servers", "application_servers", "secrets"];

/** Joins wait behind whoever waits for the whole table, so that is tried for a moment only, and again. */
const LOCK_TIMEOUT_MS = 500;
const LOCK_PAUSE_MS = 1_000;
const LOCK_ATTEMPTS = 60;
const LOCK_NOT_AVAILABLE = "55P03";

/** Wrapped data keys, and the least version that a save may be sealed under. */
export class PostgresDataKeys implements DataKeyStore {
  readonly #database: PostgresDatabase;
  readonly #audit: PostgresAuditLog;

  constructor(database: PostgresDatabase, audit: PostgresAuditLog) {
    this.#database = database;
    this.#audit = audit;
  }

  async listDataKeys(): Promise<DataKeyRecord[]> {
    const sql = `SELECT ${COLUMNS} FROM data_keys ORDER BY version`;
    return (await this.#database.all(sql)).map(decodeDataKey);
  }

  insertDataKey(record: DataKeyRecord, audit?: AuditEvent): Promise<boolean> {
    const sql = `INSERT INTO data_keys (${COLUMNS}) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;
    return this.#change(
      audit,
      async (statements) => (await statements.run(sql, ...encodeDataKey(record))) === 1,
    );
  }

  async leastSealingVersion(): Promise<number> {
    const sql = "SELECT value FROM counters WHERE name = 'least-sealing-version'";
    return Number((await this.#database.get(sql))?.["value"]);
  }

  /**
   * Makes it a constraint of the tables. Adding one waits until every transaction that has written to the
   * table has ended, and later ones are checked against it, whatever they saw before: so the guarantee is
   * the database's own, and costs a join no statement.
   */
  async raiseLeastSealingVersion(version: number, audit?: AuditEvent): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#raise(version, audit);
        return;
      } catch (error) {
        if (refusalOf(error)?.code !== LOCK_NOT_AVAILABLE) throw error;
        if (attempt === LOCK_ATTEMPTS) {
          const reason =
            "the tables are in use for too long, perhaps by a backup; rotate when it is done";
          throw new WarrenError("storage-failed", reason, { cause: error });
        }
        await sleep(LOCK_PAUSE_MS);
      }
    }
  }

  async deleteDataKey(version: number, audit?: AuditEvent): Promise<void> {
    const sql = "DELETE FROM data_keys WHERE version = $1";
    await this.#change(audit, async (statements) => (await statements.run(sql, version)) === 1);
  }

  async #raise(version: number, audit: AuditEvent | undefined): Promise<void> {
    const raise = async (statements: PostgresStatements): Promise<void> => {
      const sql =
        "UPDATE counters SET value = $1 WHERE name = 'least-sealing-version' AND value < $1";
      if ((await statements.run(sql, version)) === 0) return;
      await constrainSealing(statements, version);
      await this.#audit.record(statements, [audit]);
    };
    await this.#database.transaction(raise, { lockTimeoutMs: LOCK_TIMEOUT_MS });
  }

  #change(
    audit: AuditEvent | undefined,
    change: (statements: PostgresStatements) => Promise<boolean>,
  ): Promise<boolean> {
    return this.#database.transaction(async (statements) => {
      const isChanged = await change(statements);
      if (isChanged) await this.#audit.record(statements, [audit]);
      return isChanged;
    });
  }
}

/** Rows that are there may be sealed under older versions; what is written from now on may not. */
export async function constrainSealing(
  statements: PostgresStatements,
  version: number,
): Promise<void> {
  for (const table of SEALED_TABLES) {
    await statements.script(
      `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${SEALING_CONSTRAINT},
         ADD CONSTRAINT ${SEALING_CONSTRAINT} CHECK (sealed_under >= ${Math.trunc(version)}) NOT VALID`,
    );
  }
}

/**
 * Waits for a save.
 *
 * @throws SealedUnderOldKeyError for `withCurrentDataKey` when the constraint refused it
 */
export async function checkSealing<T>(save: Promise<T>): Promise<T> {
  try {
    return await save;
  } catch (error) {
    if (refusalOf(error)?.constraint === SEALING_CONSTRAINT) throw new SealedUnderOldKeyError();
    throw error;
  }
}
