import { type Command, Option } from "commander";
import { parseVersionName } from "../../../device-files/version-name.ts";
import { regions } from "../../../lorawan/region/regions.ts";
import { decimalNumber, parsedBy, wholeNumber } from "../../options.ts";

/** Devices that the cost of a policy is shown for; absent members are as the Join Server has them. */
export interface CostOptions {
  readonly region?: string;
  readonly dataRate?: number;
  readonly macVersion?: string;
  readonly carrier?: string;
  readonly uplinksPerDay?: number;
  readonly sessionsPerYear?: number;
  readonly loss?: number;
}

/** The options for what the cost depends on. */
export function addCostOptions(command: Command): Command {
  return command
    .optionsGroup("The devices that the cost is shown for:")
    .addOption(
      new Option("--region <name>", "their frequency plan; EU868 without").choices(
        regions.map(({ name }) => name),
      ),
    )
    .option("--data-rate <n>", "their data rate; all without", wholeNumber(0, 15))
    .option(
      "--mac-version <version>",
      "their LoRaWAN version; 1.0.3 without",
      parsedBy(parseVersionName, "1.0.0 to 1.0.4, or 1.1.0."),
    )
    .addOption(
      new Option("--carrier <kind>", "the way of their updates; mac-commands without").choices([
        "mac-commands",
        "application-port",
      ]),
    )
    .option("--uplinks-per-day <n>", "their uplinks; 24 without", decimalNumber(0, 1_000_000))
    .option(
      "--sessions-per-year <n>",
      "their joins and rejoins; 12 without",
      decimalNumber(0, 1_000_000_000),
    )
    .option("--loss <share>", "share of frames lost each way; 0 without", decimalNumber(0, 0.9));
}

/** As the API takes them. */
export function circumstancesOf(options: CostOptions): object {
  const { region, dataRate, macVersion, carrier } = options;
  const { uplinksPerDay, sessionsPerYear, loss } = options;
  return { region, dataRate, macVersion, carrier, uplinksPerDay, sessionsPerYear, loss };
}
