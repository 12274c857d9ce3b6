import { type Command, Option } from "commander";
import { logLevelOption, parseCount, parsePort } from "../options.ts";
import type { Setting } from "./setting.ts";

/** What commander has parsed of the options below; absent ones were not given. */
export interface ConfigOptions {
  readonly config?: string;
  readonly data?: string;
  readonly host?: string;
  readonly backendPort?: number;
  readonly adminPort?: number;
  readonly allowPlainHttp?: boolean;
  readonly evaluationReportFolder?: string;
  readonly updateExpirySeconds?: number;
  readonly updateAttemptPeriodSeconds?: number;
  readonly allowRabbitSplit?: boolean;
  readonly updateShortestPeriodSeconds?: number;
  readonly logLevel?: string;
}

interface OptionTarget {
  readonly flag: string;
  readonly members: readonly string[];
}

const TARGETS: Record<Exclude<keyof ConfigOptions, "config">, OptionTarget> = {
  data: { flag: "--data", members: ["data_folder"] },
  host: { flag: "--host", members: ["backend.host", "admin.host"] },
  backendPort: { flag: "--backend-port", members: ["backend.port"] },
  adminPort: { flag: "--admin-port", members: ["admin.port"] },
  allowPlainHttp: {
    flag: "--allow-plain-http",
    members: ["backend.allow_plain_http", "admin.allow_plain_http"],
  },
  evaluationReportFolder: {
    flag: "--evaluation-report-folder",
    members: ["console.evaluation_report_folder"],
  },
  updateExpirySeconds: { flag: "--update-expiry-seconds", members: ["updates.expiry_seconds"] },
  updateAttemptPeriodSeconds: {
    flag: "--update-attempt-period-seconds",
    members: ["updates.attempt_period_seconds"],
  },
  allowRabbitSplit: { flag: "--allow-rabbit-split", members: ["updates.allow_rabbit_split"] },
  updateShortestPeriodSeconds: {
    flag: "--update-shortest-period-seconds",
    members: ["updates.shortest_period_seconds"],
  },
  logLevel: { flag: "--log-level", members: ["log_level"] },
};

/**
 * The options by which a command finds the configuration of the Join Server, for
 * `loadJoinServerConfig`. They have no defaults of their own, so that the file and the environment count.
 */
export function addConfigOptions(command: Command): Command {
  return command
    .addOption(withDefaultText("--config <file>", "configuration file, TOML", "WARREN_CONFIG"))
    .addOption(
      withDefaultText("--data <folder>", "where its database and keys live", "data/join-server"),
    );
}

/** The options of `warren join-server`: those above and the members that are set most. */
export function addJoinServerOptions(command: Command): Command {
  return addConfigOptions(command)
    .addOption(withDefaultText("--host <address>", "address to listen on", "127.0.0.1"))
    .addOption(
      withDefaultText(
        "--backend-port <port>",
        "Backend Interfaces; 0 takes a free one",
        "7070",
      ).argParser(parsePort),
    )
    .addOption(
      withDefaultText(
        "--admin-port <port>",
        "administration API; 0 takes a free one",
        "7071",
      ).argParser(parsePort),
    )
    .option("--allow-plain-http", "listen without TLS on an address that is not loopback")
    .addOption(
      withDefaultText(
        "--evaluation-report-folder <folder>",
        "evaluation report that the console shows",
        "evaluation-report in the folder of Warren",
      ),
    )
    .addOption(
      withDefaultText(
        "--update-expiry-seconds <s>",
        "a root key update that is not committed by then has failed",
        "86400",
      ).argParser(parseCount),
    )
    .addOption(
      withDefaultText(
        "--update-attempt-period-seconds <s>",
        "least time between two attempts that a Network Server may cause",
        "2048",
      ).argParser(parseCount),
    )
    .option("--allow-rabbit-split", "offer suite 0, which is for research only")
    .addOption(
      withDefaultText(
        "--update-shortest-period-seconds <s>",
        "least minimum period that an update policy may have",
        "2048",
      ).argParser(parseCount),
    )
    .addOption(logLevelOption().default(undefined, "info"));
}

/** The options that were given, as settings. */
export function settingsOfOptions(options: ConfigOptions): Setting[] {
  return Object.entries(TARGETS).flatMap(([attribute, { flag, members }]) => {
    const value = options[attribute as keyof ConfigOptions];
    if (value === undefined) return [];
    return members.map((name) => ({ name, value, source: "option" as const, where: flag }));
  });
}

/** The default stands in the documents, and the value stays undefined. */
function withDefaultText(flags: string, description: string, text: string): Option {
  return new Option(flags, description).default(undefined, text);
}
