import { systemClock } from "../../clock.ts";
import type { DataKeyStore } from "../../join-server/ports/data-key-store.ts";
import type { Vault } from "../../join-server/ports/vault.ts";
import { openBackup } from "../../storage/join-server/backup/open-backup.ts";
import { openTables } from "../../storage/join-server/backup/open-tables.ts";
import {
  type RestoreReport,
  restoreBackup,
} from "../../storage/join-server/backup/restore-backup.ts";
import type { TableStore } from "../../storage/join-server/backup/table-store.ts";
import type { StorageSettings } from "../../storage/join-server/open-storage.ts";
import { openVault } from "../../vault/open-vault.ts";
import type { VaultSettings } from "../../vault/vault-settings.ts";
import { loadJoinServerConfig } from "../config/load-config.ts";
import { SweepProgress } from "../vault/sweep-progress.ts";
import { endOnSignal } from "./end-on-signal.ts";
import type { RestoreCommandOptions } from "./restore-command.ts";

/** Devices in an update that are named one by one. */
const MAX_DEVICES_NAMED = 50;

export async function runRestore(file: string, options: RestoreCommandOptions): Promise<void> {
  const { storage, vault } = loadJoinServerConfig(options);
  endOnSignal();
  const { backupKeyFile } = options;
  const vaultOfBackup: VaultSettings =
    backupKeyFile === undefined ? vault : { kind: "file", path: backupKeyFile };
  const openVaultOfBackup = (keys: DataKeyStore): Promise<Vault> =>
    openVault(vaultOfBackup, keys, { now: systemClock.now, mayCreate: false });
  const backup = await withProgress((show) => openBackup(file, openVaultOfBackup, show));
  try {
    console.log(`${file} is whole: ${backup.devices} devices.`);
    if (options.dryRun) return;
    const report = await withTarget(storage, async (tables) => {
      const hasDataKey = (await tables.dataKeys.listDataKeys()).length > 0;
      const target = {
        tables,
        vault:
          hasDataKey || backupKeyFile !== undefined
            ? await openVault(vault, tables.dataKeys, { now: systemClock.now })
            : undefined,
      };
      return withProgress((onProgress) =>
        restoreBackup(backup, target, {
          merge: options.merge,
          joinNonceMargin: options.joinNonceMargin,
          onProgress,
          audit: { at: systemClock.now(), actor: "cli" },
        }),
      );
    });
    console.log(describeReport(report));
  } finally {
    await backup.close();
  }
}

async function withTarget<T>(
  storage: StorageSettings,
  work: (tables: TableStore) => Promise<T>,
): Promise<T> {
  const tables = await openTables(storage, { mayCreate: true });
  try {
    return await work(tables);
  } finally {
    await tables.close();
  }
}

async function withProgress<T>(
  work: (show: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const progress = new SweepProgress(process.stderr);
  try {
    return await work((done, total) => progress.show(done, total));
  } finally {
    progress.end();
  }
}

function describeReport(report: RestoreReport): string {
  const { added, replaced, kept, deleted, updatesUnderWay } = report;
  const lines = [
    `Restored: ${added} devices added, ${replaced} replaced by a newer record, ${kept} left as they were, ` +
      `${deleted} left deleted.`,
  ];
  if (updatesUnderWay.length > 0) {
    lines.push(
      "These devices were in a root key update. Where it was completed after the backup, the device has " +
        "new root keys that are not in it, and its joins are refused with mic-mismatch:",
      ...updatesUnderWay
        .slice(0, MAX_DEVICES_NAMED)
        .map(({ devEui, status }) => `  ${devEui}  ${status}`),
    );
    const more = updatesUnderWay.length - MAX_DEVICES_NAMED;
    if (more > 0) lines.push(`  and ${more} more`);
  }
  return lines.join("\n");
}
