import { WarrenError } from "../../../errors.ts";
import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import {
  AUDIT_LOG,
  BACKUP_TABLES,
  type BackupRow,
  type BackupTable,
  CAMPAIGN_MEMBERS,
  CAMPAIGNS,
  DATA_KEYS,
  DEVICES,
  RETIRED_DEVICES,
  SERVER_TABLES,
  UPDATE_ATTEMPTS,
  USED_DEV_NONCES,
} from "./backup-table.ts";
import type { OpenedBackup } from "./open-backup.ts";
import { type RestoredDevices, restoreDevices, restoreRetired } from "./restore-devices.ts";
import { pauseCampaign, restoreAttempts } from "./restore-updates.ts";
import { insertAll, pagesOf, type TableSession, type TableStore } from "./table-store.ts";

/** Where a backup goes. */
export interface RestoreTarget {
  readonly tables: TableStore;
  /** Of a database that has data keys of its own; one that has none gets those of the backup. */
  readonly vault: Vault | undefined;
}

export interface RestoreOptions {
  /** Into a database that has devices. */
  readonly merge: boolean;
  /** Added to the JoinNonce of every device whose record is taken from the backup. */
  readonly joinNonceMargin: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly audit: Pick<AuditEvent, "at" | "actor">;
}

export interface RestoreReport extends RestoredDevices {
  /** Whether the audit log goes on from that of the backup. */
  readonly hasAuditLog: boolean;
}

type Change = <T>(work: (session: TableSession) => Promise<T>) => Promise<T>;

/**
 * Brings a backup into a database. An empty one gets everything, in one transaction. With `merge`, one that
 * has devices gets devices and nonces alone, some at a time, beside servers that go on.
 *
 * @throws WarrenError `write-conflict` when there are devices and `merge` is not set; `storage-failed`
 */
export async function restoreBackup(
  backup: OpenedBackup,
  target: RestoreTarget,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const whole = await target.tables.change(async (session) => {
    if ((await session.count(DEVICES)) > 0) return undefined;
    const restore = new Restore(backup, target.vault, options);
    return restore.run((work) => work(session), { isWhole: true });
  });
  if (whole !== undefined) return whole;
  if (!options.merge) {
    throw new WarrenError(
      "write-conflict",
      "the database has devices already: choose an empty one, or --merge the backup into it",
    );
  }
  const restore = new Restore(backup, target.vault, options);
  return await restore.run((work) => target.tables.change(work), { isWhole: false });
}

class Restore {
  readonly #backup: OpenedBackup;
  /** Undefined where the sealed values stay as they are. */
  readonly #vault: Vault | undefined;
  readonly #options: RestoreOptions;
  readonly #report: RestoredDevices = {
    added: 0,
    replaced: 0,
    kept: 0,
    deleted: 0,
    updatesUnderWay: [],
  };
  #done = 0;
  #total = 0;

  constructor(backup: OpenedBackup, vault: Vault | undefined, options: RestoreOptions) {
    this.#backup = backup;
    this.#vault = vault;
    this.#options = options;
  }

  run(change: Change, { isWhole }: { readonly isWhole: boolean }): Promise<RestoreReport> {
    return this.#backup.tables.snapshot(async (from) => {
      for (const table of BACKUP_TABLES) this.#total += await from.count(table);
      const hasAuditLog = isWhole && (await change((to) => this.#restoreServer(from, to)));
      // Before the devices, which can join at once: no DevNonce may be free again for a moment.
      await this.#copy(from, USED_DEV_NONCES, (rows) =>
        change((to) => to.insert(USED_DEV_NONCES, rows)),
      );
      await this.#copy(from, DEVICES, (rows) => change((to) => this.#restoreDevices(to, rows)));
      await this.#copy(from, RETIRED_DEVICES, (rows) =>
        change((to) => restoreRetired(to, rows, (row) => this.#refresh(row))),
      );
      await this.#restoreUpdates(from, change, { isWhole });
      // After all rows: a backup from the middle of a rotation has some that are sealed under older keys.
      if (isWhole && this.#vault === undefined) {
        await change(async (to) => to.raiseLeastSealingVersion(await from.leastSealingVersion()));
      }
      const report = { ...this.#report, hasAuditLog };
      await change((to) => to.record(this.#auditEvent(report, isWhole)));
      return report;
    });
  }

  /** @returns whether the audit log was restored */
  async #restoreServer(from: TableSession, to: TableSession): Promise<boolean> {
    const hasKeys = (await to.count(DATA_KEYS)) > 0;
    if (hasKeys !== (this.#vault !== undefined)) {
      throw new WarrenError(
        "storage-failed",
        "a Join Server was started on the database for the first time just now; stop it and try again",
      );
    }
    if (!hasKeys) await this.#copy(from, DATA_KEYS, (rows) => insertAll(to, DATA_KEYS, rows));
    for (const table of SERVER_TABLES) {
      await this.#copy(from, table, (rows) => to.insert(table, this.#reseal(table, rows)));
    }
    await to.announcePeers();
    if ((await to.count(AUDIT_LOG)) > 0) return false;
    await this.#copy(from, AUDIT_LOG, (rows) => insertAll(to, AUDIT_LOG, rows));
    return true;
  }

  /** Campaigns of a database that is merged into are its own. */
  async #restoreUpdates(
    from: TableSession,
    change: Change,
    { isWhole }: { readonly isWhole: boolean },
  ): Promise<void> {
    await this.#copy(from, UPDATE_ATTEMPTS, (rows) => change((to) => restoreAttempts(to, rows)));
    if (!isWhole) return;
    await this.#copy(from, CAMPAIGNS, (rows) =>
      change((to) => to.insert(CAMPAIGNS, rows.map(pauseCampaign))),
    );
    await this.#copy(from, CAMPAIGN_MEMBERS, (rows) =>
      change((to) => to.insert(CAMPAIGN_MEMBERS, rows)),
    );
  }

  async #restoreDevices(to: TableSession, rows: readonly BackupRow[]): Promise<void> {
    const { joinNonceMargin } = this.#options;
    if (this.#vault && this.#vault.sealingVersion < (await to.leastSealingVersion())) {
      throw new WarrenError("storage-failed", "a rotation has begun meanwhile; try again");
    }
    const sealed = this.#reseal(DEVICES, rows);
    await restoreDevices(to, sealed, {
      joinNonceMargin,
      report: this.#report,
      refresh: (row) => this.#refresh(row),
    });
  }

  /** A device of the database that is written anew: amid a rotation it may be sealed under a data key that is on its way out. */
  #refresh(row: BackupRow): BackupRow {
    const vault = this.#vault;
    const isFresh = vault === undefined || Number(row["sealed_under"]) === vault.sealingVersion;
    return isFresh ? row : resealRow(DEVICES, row, vault, vault);
  }

  async #copy(
    from: TableSession,
    table: BackupTable,
    write: (rows: readonly BackupRow[]) => Promise<unknown>,
  ): Promise<void> {
    for await (const rows of pagesOf(from, table)) {
      await write(rows);
      this.#done += rows.length;
      this.#options.onProgress(this.#done, this.#total);
    }
  }

  /** Rows under the newest data key of the database they go into. */
  #reseal(table: BackupTable, rows: readonly BackupRow[]): readonly BackupRow[] {
    const vault = this.#vault;
    if (vault === undefined || table.sealed.length === 0) return rows;
    return rows.map((row) => resealRow(table, row, this.#backup.vault, vault));
  }

  #auditEvent({ updatesUnderWay, ...report }: RestoreReport, isWhole: boolean): AuditEvent {
    const details = {
      ...report,
      updatesUnderWay: updatesUnderWay.length,
      isWhole,
      joinNonceMargin: this.#options.joinNonceMargin,
      auditLogOfBackup: this.#backup.auditHead,
    };
    return { ...this.#options.audit, action: "backup.restore", subject: "", details };
  }
}

/** A row with its values sealed under the newest data key of a vault. @param from opens them as they are */
function resealRow(table: BackupTable, row: BackupRow, from: Vault, to: Vault): BackupRow {
  const id = String(row[table.key[0] ?? ""]);
  const values = table.sealed.map(({ column, context }) => {
    const sealed = row[column] as Uint8Array;
    if (sealed.length === 0) return [column, sealed];
    return [column, to.seal(from.open(sealed, context(id)), context(id))];
  });
  return { ...row, sealed_under: to.sealingVersion, ...Object.fromEntries(values) };
}
