import { Command } from "commander";
import { addConfigOptions, type ConfigOptions } from "../config/config-options.ts";
import { wholeNumber } from "../options.ts";

/** Joins of one device between a backup and its restore: more than six weeks of one each hour. */
const DEFAULT_JOIN_NONCE_MARGIN = 1_024;
const MAX_JOIN_NONCE = 0xffffff;

export interface RestoreCommandOptions extends ConfigOptions {
  readonly merge: boolean;
  readonly joinNonceMargin: number;
  readonly backupKeyFile?: string;
  readonly dryRun: boolean;
}

/** `warren restore`: a backup into a database. */
export function restoreCommand(): Command {
  return addConfigOptions(
    new Command("restore").description(
      "Checks a backup from end to end and brings it into the database of this configuration, which may be " +
        "of the other kind than the one it was made from. A backup that is damaged changes nothing.",
    ),
  )
    .argument("<file>", "what warren backup has written")
    .option("--merge", "bring devices and nonces into a database that has devices", false)
    .option(
      "--join-nonce-margin <n>",
      "added to the JoinNonce of every device that comes from the backup",
      wholeNumber(0, MAX_JOIN_NONCE),
      DEFAULT_JOIN_NONCE_MARGIN,
    )
    .option(
      "--backup-key-file <file>",
      "master key file of the backup, where it is not the configured one",
    )
    .option("--dry-run", "only check the backup", false)
    .addHelpText(
      "after",
      `
A device refuses a JoinNonce that is not above the last one it has seen, and the backup does not know
those given out after it: hence the margin. Where nothing was given out since, as in a move to another
database with the Join Server stopped, --join-nonce-margin 0 is right.

With --merge the record of a device that has the higher version stays, no nonce goes back, and what was
deleted stays deleted; peers, tokens and the audit log are those of the database.

What a restore cannot know is in docs/storage.md.`,
    )
    .action(async (file: string, options: RestoreCommandOptions) => {
      const { runRestore } = await import("./run-restore.ts");
      await runRestore(file, options);
    });
}
