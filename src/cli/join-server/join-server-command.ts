import { Command } from "commander";
import { addJoinServerOptions, type ConfigOptions } from "../config/config-options.ts";
import { loadJoinServerConfig } from "../config/load-config.ts";
import { runRole } from "../role-process.ts";
import { startJoinServer } from "./start-join-server.ts";

/** `warren join-server`: holds the root keys, answers joins, runs root key updates. */
export function joinServerCommand(): Command {
  const command = new Command("join-server").description(
    "Runs the Join Server, the only server that holds root keys. Network and Application Servers reach " +
      "it over the LoRaWAN Backend Interfaces (POST of JSON on any path), operators over the " +
      "administration API. Every setting can stand in a configuration file; those below win over it.",
  );
  return addJoinServerOptions(command)
    .addHelpText(
      "after",
      `
The administration API (/api/v1) wants a token; the first one is in <data>/admin-token:

  curl -H "Authorization: Bearer $(cat data/join-server/admin-token)" \\
    http://127.0.0.1:7071/api/v1/devices`,
    )
    .action((options: ConfigOptions) => {
      const config = loadJoinServerConfig(options);
      return runRole(
        "join-server",
        {
          logLevel: config.logLevel,
          data: config.dataFolder,
          // Several may serve one PostgreSQL database.
          isAlone: config.storage.kind === "sqlite",
        },
        (logger) => startJoinServer(config, logger),
      );
    });
}
