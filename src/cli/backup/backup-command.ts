import { Command } from "commander";
import { systemClock } from "../../clock.ts";
import { openTables } from "../../storage/join-server/backup/open-tables.ts";
import { writeBackup } from "../../storage/join-server/backup/write-backup.ts";
import { addConfigOptions, type ConfigOptions } from "../config/config-options.ts";
import { loadJoinServerConfig } from "../config/load-config.ts";
import { SweepProgress } from "../vault/sweep-progress.ts";
import { endOnSignal } from "./end-on-signal.ts";

/** `warren backup`: everything the Join Server keeps, as one file. */
export function backupCommand(): Command {
  return addConfigOptions(
    new Command("backup").description(
      "Writes everything the Join Server keeps into a new file, as it is at one moment: devices, nonces, " +
        "peers, tokens and the audit log. Servers may run meanwhile. The file is a SQLite database " +
        "whichever database it comes from; its keys stay encrypted.",
    ),
  )
    .argument("<file>", "the backup; must not be there yet")
    .addHelpText(
      "after",
      `
The master keys are not in it. Keep a copy of the key file (or of the token) in another place:
without it the backup is of no use, and with it the backup is every root key.`,
    )
    .action((file: string, options: ConfigOptions) => runBackup(file, options));
}

async function runBackup(file: string, options: ConfigOptions): Promise<void> {
  const { storage } = loadJoinServerConfig(options);
  endOnSignal();
  const tables = await openTables(storage, { mayCreate: false });
  const progress = new SweepProgress(process.stderr);
  try {
    const { devices, auditEntries } = await writeBackup(tables, file, {
      onProgress: (done, total) => progress.show(done, total),
      audit: { at: systemClock.now(), actor: "cli" },
    });
    progress.end();
    console.log(
      `${file}: ${devices} devices and ${auditEntries} entries of the audit log, their keys encrypted.\n` +
        "Keep a copy of the master key in another place: without it this file is of no use.",
    );
  } finally {
    progress.end();
    await tables.close();
  }
}
