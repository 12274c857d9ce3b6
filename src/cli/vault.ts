import { Command } from "commander";
import { addConfigOptions, type ConfigOptions } from "./config/config-options.ts";

interface RotateOptions extends ConfigOptions {
  readonly prepare?: boolean;
}

interface StatusOptions extends ConfigOptions {
  readonly json?: boolean;
}

/** `warren vault`: the keys under which the Join Server's database is encrypted. */
export function vaultCommand(): Command {
  return new Command("vault")
    .helpCommand(false)
    .addCommand(statusCommand())
    .addCommand(rotateCommand());
}

function statusCommand(): Command {
  return addConfigOptions(new Command("status"))
    .summary("show the keys of the database and where they are")
    .description(
      "Shows the versions of the keys under which the database is encrypted, where their master keys " +
        "are, and whether a rotation is under way. Shows no key. Servers may run meanwhile.",
    )
    .option("--json", "print JSON")
    .action(async (options: StatusOptions) => {
      const { runVaultStatus } = await import("./vault/status.ts");
      await runVaultStatus(options, options.json === true);
    });
}

function rotateCommand(): Command {
  return addConfigOptions(new Command("rotate"))
    .summary("encrypt the database under new keys and destroy the old ones")
    .description(
      "Makes a new master key and a new data key, encrypts every record of the database anew under it, " +
        "then destroys the keys before. Servers may run meanwhile. When it is stopped or killed at any " +
        "moment, nothing is lost, and the same command goes on.",
    )
    .option("--prepare", "only make the master key, to be copied to other machines first")
    .addHelpText(
      "after",
      `
Backups made before are encrypted under the keys before: keep a copy of the old key file with them,
or make a new backup afterwards. See docs/vault.md.`,
    )
    .action(async (options: RotateOptions) => {
      const { runPrepare, runRotation } = await import("./vault/rotate.ts");
      await (options.prepare === true ? runPrepare(options) : runRotation(options));
    });
}
