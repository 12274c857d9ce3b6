import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { WarrenError } from "../../../errors.ts";
import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import { AUDIT_LOG, BACKUP_TABLES, DEVICES } from "./backup-table.ts";
import { eraseAtExit } from "./erase-at-exit.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import { pagesOf, type TableSession, type TableStore } from "./table-store.ts";

/** Told how many rows of how many are done. */
export type BackupProgress = (done: number, total: number) => void;

/** What systems answer that have no second names for a file. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

export interface BackupOptions {
  readonly onProgress: BackupProgress;
  /** Without `action`, `subject` and `details`. */
  readonly audit: Pick<AuditEvent, "at" | "actor">;
}

export interface WrittenBackup {
  readonly devices: number;
  readonly auditEntries: number;
}

/**
 * Writes everything that a store keeps, as it is at one moment, into a new SQLite file with the Join
 * Server's schema: whole or not at all, for its owner alone. Values stay sealed, so nothing is opened.
 *
 * @throws WarrenError `write-conflict` when the file is there already; `storage-failed`
 */
export async function writeBackup(
  store: TableStore,
  path: string,
  { onProgress, audit }: BackupOptions,
): Promise<WrittenBackup> {
  requireAbsent(path);
  const unfinished = `${path}.${process.pid}.unfinished`;
  const erase = eraseAtExit(() => {
    for (const suffix of ["", "-wal", "-shm", "-journal"]) {
      rmSync(unfinished + suffix, { force: true });
    }
  });
  try {
    const backup = new SqliteTables(unfinished);
    let written: WrittenBackup;
    try {
      written = await store.snapshot((from) =>
        backup.change((to) => copyTables(from, to, onProgress)),
      );
      backup.detach();
    } finally {
      await backup.close();
    }
    publish(unfinished, path);
    const details = { file: basename(path), ...written };
    await store.change((session) =>
      session.record({ ...audit, action: "backup.create", subject: "", details }),
    );
    return written;
  } finally {
    erase();
  }
}

async function copyTables(
  from: TableSession,
  to: TableSession,
  onProgress: BackupProgress,
): Promise<WrittenBackup> {
  const counts = new Map<string, number>();
  for (const table of BACKUP_TABLES) counts.set(table.name, await from.count(table));
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let done = 0;
  for (const table of BACKUP_TABLES) {
    for await (const rows of pagesOf(from, table)) {
      await to.insert(table, rows);
      done += rows.length;
      onProgress(done, total);
    }
  }
  await to.raiseLeastSealingVersion(await from.leastSealingVersion());
  return {
    devices: counts.get(DEVICES.name) ?? 0,
    auditEntries: counts.get(AUDIT_LOG.name) ?? 0,
  };
}

function requireAbsent(path: string): void {
  if (existsSync(path)) {
    throw new WarrenError("write-conflict", `${path} is there already; give another name`);
  }
}

/** Gives the finished file its name, unless somebody has taken it meanwhile. */
function publish(unfinished: string, path: string): void {
  try {
    linkOrRename(unfinished, path);
    const folder = openSync(dirname(resolve(path)), "r");
    fsyncSync(folder);
    closeSync(folder);
  } catch (error) {
    throw new WarrenError("storage-failed", `cannot write ${path}`, { cause: error });
  }
}

/** A second name is refused where the name is taken; some file systems have none. */
function linkOrRename(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    requireAbsent(to);
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    renameSync(from, to);
  }
}
