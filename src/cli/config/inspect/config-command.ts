import { Command } from "commander";
import { addJoinServerOptions, type ConfigOptions } from "../config-options.ts";
import { explainJoinServerConfig } from "../load-config.ts";
import { checkConfigFiles } from "./check-files.ts";
import { showSettings } from "./show-settings.ts";

/** `warren config`: what a Join Server would be started with. */
export function configCommand(): Command {
  const command = new Command("config").description(
    "Looks at the configuration of a Join Server: its options, the environment and its file together.",
  );
  command.addCommand(
    addJoinServerOptions(
      new Command("check")
        .summary("say what is wrong with a configuration")
        .description(
          "Reads the configuration and the certificates and secrets it names. Every problem is a line of " +
            "its own with file and line; exit status 1 if there is any.",
        ),
    ).action((options: ConfigOptions) => {
      const { config, settings } = explainJoinServerConfig(options);
      checkConfigFiles(config);
      const given = [...settings.values()].filter(({ source }) => source !== "default");
      console.log(`The configuration is in order; ${given.length} values are not the default.`);
    }),
  );
  command.addCommand(
    addJoinServerOptions(
      new Command("show")
        .summary("show every value and where it comes from")
        .description("Shows every value, and where it comes from. Secrets are not shown."),
    ).action((options: ConfigOptions) => {
      console.log(showSettings(explainJoinServerConfig(options).settings));
    }),
  );
  return command;
}
