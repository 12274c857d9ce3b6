import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WarrenError } from "../../../errors.ts";
import { CHAIN_START, verifyChain } from "../../../join-server/audit/audit-chain.ts";
import type { DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import { decodeAuditEntry } from "../rows/audit-codec.ts";
import { AUDIT_LOG, BACKUP_TABLES, type BackupTable, DEVICES } from "./backup-table.ts";
import { eraseAtExit } from "./erase-at-exit.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import { pagesOf, type TableSession, type TableStore } from "./table-store.ts";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
/** Where a SQLite file has its `user_version`, 4 bytes, big-endian. */
const USER_VERSION_OFFSET = 60;

/** A backup that has been checked from end to end. */
export interface OpenedBackup {
  readonly tables: TableStore;
  readonly vault: Vault;
  readonly devices: number;
  /** The newest entry of its audit log. */
  readonly auditHead: { readonly seq: number; readonly hash: string };
  close(): Promise<void>;
}

/**
 * Opens a copy of a backup in a folder for its owner alone, brings its schema up to date and checks it:
 * the file, the chain of its audit log, and that every sealed value opens.
 *
 * @param openVault given the data keys of the backup
 * @throws WarrenError `storage-failed` for anything that is not a whole backup, `sealed-value-damaged`,
 *   and what `openVault` throws
 */
export async function openBackup(
  path: string,
  openVault: (keys: DataKeyStore) => Promise<Vault>,
  onProgress: (done: number, total: number) => void,
): Promise<OpenedBackup> {
  requireBackupFile(path);
  const folder = mkdtempSync(join(tmpdir(), "warren-restore-"));
  const erase = eraseAtExit(() => rmSync(folder, { recursive: true, force: true }));
  let tables: SqliteTables | undefined;
  const close = async (): Promise<void> => {
    await tables?.close();
    erase();
  };
  try {
    const copy = copyInto(folder, path);
    tables = new SqliteTables(copy);
    tables.checkIntegrity();
    const vault = await openVault(tables.dataKeys);
    return await tables.snapshot(async (session) => ({
      tables: tables as TableStore,
      vault,
      auditHead: await checkAuditLog(session, path),
      devices: await checkSealedValues(session, vault, onProgress),
      close,
    }));
  } catch (error) {
    await close();
    throw error;
  }
}

function copyInto(folder: string, path: string): string {
  const copy = join(folder, "backup.db");
  try {
    copyFileSync(path, copy);
    // The mode comes along, and that of an archive may let nobody write.
    chmodSync(copy, 0o600);
    return copy;
  } catch (error) {
    throw new WarrenError(
      "storage-failed",
      `cannot copy ${path} to ${folder}, where it is checked; TMPDIR names a folder with more room`,
      { cause: error },
    );
  }
}

function requireBackupFile(path: string): void {
  const header = readHeader(path);
  if (header.length < HEADER_BYTES || header.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    throw new WarrenError("storage-failed", `${path} is no backup, or only a part of one`);
  }
  if (header.readUInt32BE(USER_VERSION_OFFSET) === 0) {
    throw new WarrenError("storage-failed", `${path} is a SQLite file of another program`);
  }
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  try {
    const file = openSync(path, "r");
    try {
      return header.subarray(0, readSync(file, header));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new WarrenError("storage-failed", `cannot read ${path}`, { cause: error });
  }
}

async function checkAuditLog(
  session: TableSession,
  path: string,
): Promise<{ seq: number; hash: string }> {
  let head = CHAIN_START;
  for await (const rows of pagesOf(session, AUDIT_LOG)) {
    const verdict = verifyChain(rows.map(decodeAuditEntry), head);
    if (!verdict.isIntact) {
      throw new WarrenError("storage-failed", `the audit log of ${path}: ${verdict.problem}`);
    }
    head = verdict.head;
  }
  return head;
}

/** @returns the number of devices */
async function checkSealedValues(
  session: TableSession,
  vault: Vault,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const sealedTables = BACKUP_TABLES.filter(({ sealed }) => sealed.length > 0);
  const counts = await Promise.all(sealedTables.map((table) => session.count(table)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  let done = 0;
  for (const table of sealedTables) {
    for await (const rows of pagesOf(session, table)) {
      for (const row of rows) openAll(table, row, vault);
      done += rows.length;
      onProgress(done, total);
    }
  }
  return session.count(DEVICES);
}

function openAll(table: BackupTable, row: Readonly<Record<string, unknown>>, vault: Vault): void {
  const id = row[table.key[0] ?? ""] as string;
  for (const { column, context } of table.sealed) {
    const sealed = row[column] as Uint8Array;
    // A device without a session has nothing there.
    if (sealed.length > 0) vault.open(sealed, context(id)).fill(0);
  }
}
