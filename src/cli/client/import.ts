import { Command, Option } from "commander";
import { DEVICE_FORMATS } from "../../device-files/formats.ts";
import type { FileFormat } from "../../device-files/parser/detect-format.ts";
import { parseVersionName } from "../../device-files/version-name.ts";
import { WarrenError } from "../../errors.ts";
import { type Eui64, type NetId, parseEui64, parseNetId } from "../../lorawan/identifiers.ts";
import type { MacVersion } from "../../lorawan/mac-version.ts";
import { type ApiOptions, addApiOptions, withApiClient } from "../api-client/api-options.ts";
import { addConfigOptions, type ConfigOptions } from "../config/config-options.ts";
import { type KekOptions, loadKek } from "../connections/kek-file.ts";
import { importDirectly } from "../direct-import/import-directly.ts";
import { parsedBy } from "../options.ts";
import { type ImportOrder, type ImportResult, importFile } from "./import/import-file.ts";
import { formatProblem, Problems } from "./import/problems.ts";
import { showProgress, silentProgress } from "./import/progress.ts";

interface ImportOptions extends ApiOptions, KekOptions, Pick<ConfigOptions, "config" | "data"> {
  readonly format?: FileFormat;
  readonly keys?: string;
  readonly dryRun: boolean;
  readonly skipErrors: boolean;
  readonly errors?: string;
  readonly homeNetId?: NetId;
  readonly asId?: string;
  readonly joinEui?: Eui64;
  readonly macVersion?: MacVersion;
  readonly json: boolean;
  readonly direct: boolean;
}

type Result = ImportResult & { readonly isStopped?: boolean };

/** A second one ends the process at once; what is in the database then is whole batches. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

const EXAMPLES = `
Examples:
  warren import devices.csv --home-net-id 000013 --as-id warren-as --dry-run
  warren import devices.json --home-net-id 000013 --as-id warren-as --errors errors.txt
  warren import scanned.txt --keys keys.csv --home-net-id 000013 --as-id warren-as

The whole file is looked through before anything is sent. An import that was interrupted can be run again:
devices that are there already and equal stay as they are. docs/import-export.md has the formats.

Exit status: 0 when every device of the file is there now; 1 when one is not, or is there with other
settings; 2 for a wrong command line.`;

/** `warren import`: devices with their root keys, from what other servers and suppliers have. */
export function importCommand(): Command {
  const command = new Command("import")
    .description(
      "Imports devices from a file: CSV or JSON of The Things Stack, JSON of ChirpStack or CSV of its " +
        "database, Warren's own JSON lines, JWEs sealed to the Join Server, or scanned QR codes with a " +
        "file of keys. The format is detected.",
    )
    .argument("<file>", "the file")
    .addOption(
      new Option("--format <name>", "the format, when it is not detected").choices([
        ...DEVICE_FORMATS,
        "jwe",
        "tr005",
      ]),
    )
    .option("--keys <file>", "with QR codes: a file of any other format that has the keys")
    .option("--dry-run", "say what would happen, change nothing", false)
    .option("--skip-errors", "import what has no error", false)
    .option("--errors <file>", "write every error and warning to a file, a line each")
    .optionsGroup("For devices that do not say it themselves:")
    .option(
      "--home-net-id <NetID>",
      "NetID of their Network Server",
      parsedBy(parseNetId, "6 hex digits."),
    )
    .option("--as-id <text>", "AS-ID of their Application Server")
    .option("--join-eui <eui>", "their JoinEUI", parsedBy(parseEui64, "16 hex digits."))
    .option(
      "--mac-version <version>",
      "their LoRaWAN version",
      parsedBy(parseVersionName, "use 1.0, 1.0.1, 1.0.2, 1.0.3, 1.0.4 or 1.1."),
    )
    .optionsGroup("For keys that stand wrapped in the file:")
    .option("--kek-file <file>", "file with the KEK that they are wrapped under, in hex")
    .option("--kek-label <text>", "the label of that KEK")
    .optionsGroup("The Join Server:")
    .option("--json", "print the result as JSON", false);
  addApiOptions(command)
    .optionsGroup("On the machine of the Join Server, several times as fast:")
    .option("--direct", "write to its database, which it may use meanwhile; needs its keys", false);
  return addConfigOptions(command)
    .addHelpText("after", EXAMPLES)
    .action((file: string, options: ImportOptions) => runImport(file, options));
}

async function runImport(file: string, options: ImportOptions): Promise<void> {
  if (!options.direct && (options.config ?? options.data) !== undefined) {
    throw new WarrenError(
      "configuration-invalid",
      "--config and --data name a database, which only --direct writes to; --url names a Join Server",
    );
  }
  const { homeNetId, asId, joinEui, macVersion } = options;
  const defaults = { homeNetId, asId, joinEui, macVersion };
  const keks = new Map(loadKek(options).map(({ label, kek }) => [label, kek]));
  const problems = new Problems(options.errors);
  try {
    const order = {
      file,
      format: options.format,
      keyFile: options.keys,
      parse: { defaults, keks },
      query: defaults,
      isDryRun: options.dryRun,
      skipsErrors: options.skipErrors,
      problems,
      startProgress: options.json ? () => silentProgress : showProgress,
    };
    const result: Result = options.direct
      ? await runDirectly(options, order)
      : await withApiClient(options, (api) => importFile(api, order));
    printResult(result, problems, options);
    const isComplete = result.isStarted && result.error === 0 && result.different === 0;
    if (!isComplete || result.isStopped || result.batchesLeftOut > 0) process.exitCode = 1;
  } finally {
    problems.close();
  }
}

async function runDirectly(options: ConfigOptions, order: ImportOrder): Promise<Result> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of STOP_SIGNALS) process.once(signal, onSignal);
  try {
    return await importDirectly(options, { ...order, signal: stop.signal });
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  }
}

function printResult(result: Result, problems: Problems, options: ImportOptions): void {
  if (options.json) {
    const shown = problems.shown.map(({ position, ...problem }) => ({ ...position, ...problem }));
    console.log(
      JSON.stringify(
        { ...result, isDryRun: options.dryRun, counts: problems.counts, problems: shown },
        null,
        2,
      ),
    );
    return;
  }
  for (const problem of problems.shown) process.stderr.write(`${formatProblem(problem)}\n`);
  const hidden = problems.count - problems.shown.length;
  if (hidden > 0) {
    const where = options.errors ?? "--errors <file> writes all of them to a file";
    process.stderr.write(`… and ${hidden} more (${where})\n`);
  }
  console.log(`format: ${result.format}. Root keys: ${result.convention}`);
  console.log(summaryOf(result, problems, options));
}

function summaryOf(result: Result, problems: Problems, options: ImportOptions): string {
  const { created, unchanged, different, error, seconds, batchesLeftOut } = result;
  if (result.isStopped && !result.isStarted) return "stopped before anything was imported";
  if (!result.isStarted) {
    return `nothing was imported: ${error} errors. Correct the file, or leave them out with --skip-errors`;
  }
  const rate = Math.round((created + unchanged) / Math.max(seconds, 0.001));
  const counts = [
    `${created} ${options.dryRun ? "would be created" : "created"}`,
    `${unchanged} there already`,
    `${different} there with other settings or keys, not changed`,
    `${error} errors`,
    `${problems.counts.warning} warnings`,
  ].join(", ");
  const left =
    batchesLeftOut > 0
      ? `\n${batchesLeftOut} batches were left out because of errors; run it again with --skip-errors`
      : "";
  const stopped = result.isStopped
    ? `\nstopped after ${created + unchanged} of ${result.records} devices; the same command goes on`
    : "";
  return `${counts}; ${seconds.toFixed(1)} s, ${rate} devices/s${left}${stopped}`;
}
