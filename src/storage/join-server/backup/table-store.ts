import { setImmediate } from "node:timers/promises";
import { WarrenError } from "../../../errors.ts";
import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import type { BackupRow, BackupTable } from "./backup-table.ts";

/** The tables of a store within one transaction. @throws WarrenError `storage-failed` from every method */
export interface TableSession {
  count(table: BackupTable): Promise<number>;
  /** Rows in the order of the key, after the row `after`. */
  page(table: BackupTable, after: BackupRow | undefined, limit: number): Promise<BackupRow[]>;
  /** Rows whose first column of the key is one of `ids`; nobody changes them before the end. */
  find(table: BackupTable, ids: readonly string[]): Promise<BackupRow[]>;
  /** Adds rows, but those whose key is there. @returns how many were added */
  insert(table: BackupTable, rows: readonly BackupRow[]): Promise<number>;
  /** Erases rows by the first column of their key. */
  erase(table: BackupTable, ids: readonly string[]): Promise<void>;
  leastSealingVersion(): Promise<number>;
  raiseLeastSealingVersion(version: number): Promise<void>;
  /** Lets servers that run see that peers have changed. */
  announcePeers(): Promise<void>;
  /** Appends to the audit log. */
  record(event: AuditEvent): Promise<void>;
}

/** A store as tables, whichever database it is, beside servers that have it open. */
export interface TableStore {
  readonly dataKeys: DataKeyStore;
  /** Everything that `work` reads is of one moment; it changes nothing. */
  snapshot<T>(work: (session: TableSession) => Promise<T>): Promise<T>;
  /** All or nothing. */
  change<T>(work: (session: TableSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Adds rows whose keys are known to be free.
 *
 * @throws WarrenError `write-conflict` when another process was faster with one of them
 */
export async function insertAll(
  session: TableSession,
  table: BackupTable,
  rows: readonly BackupRow[],
): Promise<void> {
  if ((await session.insert(table, rows)) === rows.length) return;
  throw new WarrenError(
    "write-conflict",
    "somebody else has written to the database meanwhile; run the command again",
  );
}

const ROWS_A_PAGE = 1_000;

/** All rows of a table in the order of its key, some at a time. */
export async function* pagesOf(
  session: Pick<TableSession, "page">,
  table: BackupTable,
): AsyncGenerator<BackupRow[]> {
  let after: BackupRow | undefined;
  for (;;) {
    const rows = await session.page(table, after, ROWS_A_PAGE);
    if (rows.length > 0) yield rows;
    // SQLite answers at once, and a signal wants its turn too.
    await setImmediate();
    if (rows.length < ROWS_A_PAGE) return;
    after = rows.at(-1);
  }
}
