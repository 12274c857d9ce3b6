import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { parseVersionName } from "../../../device-files/version-name.ts";
import { WarrenError } from "../../../errors.ts";
import { parseTimeWindow } from "../../../join-server/campaigns/timing/time-window.ts";
import { parseEui64, parseNetId } from "../../../lorawan/identifiers.ts";
import { usageError } from "../../connections/secret-options.ts";
import { duration } from "../../durations.ts";
import { decimalNumber, parsedBy, wholeNumber } from "../../options.ts";
import { parseEuiOption } from "../device/device-settings.ts";

const SECOND_MS = 1_000;
const WEEK_MS = 7 * 24 * 60 * 60 * SECOND_MS;

/** Which devices, as options say it. */
interface SelectionOptions {
  readonly all?: boolean;
  readonly file?: string;
  readonly prefix?: string;
  readonly joinEui?: string;
  readonly homeNetId?: string;
  readonly asId?: string;
  readonly macVersion?: string;
  readonly generation?: number;
  readonly text?: string;
  readonly generationAtMost?: number;
}

/** A campaign as options say it; absent ones are as the Join Server has them. */
export interface CampaignOptions extends SelectionOptions {
  readonly name?: string;
  readonly description?: string;
  readonly suite?: string;
  readonly healing?: boolean;
  readonly rate?: number;
  readonly ratePerGateway?: number;
  readonly maxUnderWay?: number;
  readonly canary?: number;
  readonly maxFailures?: number;
  readonly window?: readonly string[];
  readonly maxAttempts?: number;
  readonly retryAfter?: number;
  readonly attemptTimeout?: number;
  readonly paused?: boolean;
}

/** The options for everything that a campaign is made of. */
export function addCampaignOptions(command: Command): Command {
  return command
    .option("--name <text>", "name for people")
    .option("--description <text>", "description for people")
    .optionsGroup("Which devices:")
    .option("--all", "every device")
    .option("--file <file>", "those of a file, one DevEUI a line")
    .option("--prefix <hex>", "first digits of the DevEUI")
    .option("--join-eui <eui>", "their JoinEUI", parseEuiOption)
    .option("--home-net-id <NetID>", "NetID of their Network Server", parseNetIdOption)
    .option("--as-id <text>", "AS-ID of their Application Server")
    .option("--mac-version <version>", "their LoRaWAN version", parseVersionOption)
    .option("--generation <n>", "the generation of their root keys", wholeNumber(0, 65_535))
    .option("--text <text>", "part of the name, the description or a tag")
    .option("--generation-at-most <n>", "no newer root keys than these", wholeNumber(0, 65_535))
    .optionsGroup("Which updates:")
    .option("--suite <name>", "their suite; that of each device without")
    .option("--healing", "with an X25519 exchange; as its policy says for each device without")
    .option("--no-healing", "without one")
    .optionsGroup("How fast:")
    .option("--rate <n>", "updates started per minute", decimalNumber(0.01, 60_000))
    .option("--rate-per-gateway <n>", "the same for each gateway", decimalNumber(0.01, 60_000))
    .option("--max-under-way <n>", "most updates under way at a time", wholeNumber(1, 1_000_000))
    .option("--canary <share>", "go first, such as 2%", parseShareOption)
    .option("--max-failures <share>", "pause when more have failed, such as 10%", parseShareOption)
    .option("--window <window>", "when to start updates (UTC); may be repeated", collectWindow)
    .option("--max-attempts <n>", "for each device", wholeNumber(1, 100))
    .option("--retry-after <time>", "before the second attempt", duration(SECOND_MS, WEEK_MS))
    .option("--attempt-timeout <time>", "for one attempt", duration(SECOND_MS, 4 * WEEK_MS))
    .option("--paused", "wait for `warren campaign resume`");
}

/** As the API takes them; what is undefined is left to it. */
export function campaignOf(command: Command, options: CampaignOptions): Record<string, unknown> {
  const { name, description, suite, maxAttempts, maxUnderWay, generationAtMost } = options;
  return {
    ...selectionOf(command, options),
    name,
    description,
    generationAtMost,
    suite,
    isHealing: options.healing,
    startsPerMinute: options.rate,
    startsPerMinutePerGateway: options.ratePerGateway,
    maxUnderWay,
    canaryShare: options.canary,
    maxFailureShare: options.maxFailures,
    windows: options.window,
    maxAttempts,
    retryAfterMs: options.retryAfter,
    attemptTimeoutMs: options.attemptTimeout,
    startsPaused: options.paused,
  };
}

function selectionOf(command: Command, options: SelectionOptions): object {
  const { all, file, prefix, joinEui, homeNetId, asId, macVersion, generation, text } = options;
  const query = {
    devEuiPrefix: prefix,
    joinEui,
    homeNetId,
    asId,
    macVersion,
    generation,
    text,
  };
  const isQuery = Object.values(query).some((value) => value !== undefined);
  if (Number(all === true) + Number(file !== undefined) + Number(isQuery) > 1) {
    usageError(command, "--all, --file and a search exclude each other");
  }
  if (file !== undefined) return { devEuis: readDevEuis(file) };
  if (!isQuery && all !== true && options.generationAtMost === undefined) {
    usageError(command, "say which devices: --all, --file, a search or --generation-at-most");
  }
  return { query };
}

/** @throws WarrenError `configuration-invalid`, with the line */
function readDevEuis(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new WarrenError("configuration-invalid", `cannot read ${file} of --file (${code})`);
  }
  return text.split(/\r?\n/).flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) return [];
    try {
      return [parseEui64(trimmed)];
    } catch {
      throw new WarrenError(
        "configuration-invalid",
        `${file}:${index + 1}: a DevEUI has 16 hex digits, most significant byte first`,
      );
    }
  });
}

const parseNetIdOption = parsedBy(parseNetId, "6 hex digits.");
const parseVersionOption = parsedBy(
  parseVersionName,
  "use 1.0, 1.0.1, 1.0.2, 1.0.3, 1.0.4 or 1.1.",
);

/** `5%` or `0.05`. */
function parseShareOption(text: string): number {
  const [, percent] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? [];
  if (percent === undefined) return decimalNumber(0, 1)(text);
  if (Number(percent) > 100) throw new InvalidArgumentError("a share such as 5% or 0.05.");
  return Number((Number(percent) / 100).toFixed(6));
}

function collectWindow(text: string, before: readonly string[] = []): readonly string[] {
  parsedBy(parseTimeWindow, "a window looks like Mon-Fri 22:00-05:00, in UTC.")(text);
  return [...before, text];
}
