import { type Command, InvalidArgumentError, Option } from "commander";
import {
  LONGEST_PERIOD_MS,
  UPDATE_TRIGGERS,
} from "../../../join-server/policies/update-policy-settings.ts";
import type { UpdatePolicyBody } from "../../../server/join-server/admin/schemas/update-policy-schema.ts";
import { duration } from "../../durations.ts";
import { type OptionParser, wholeNumber } from "../../options.ts";

/** A member of a policy as an option says it: a value, off, or as the level above has it. */
type Said<T> = T | typeof OFF | typeof INHERITED;

const INHERITED = "inherit";
const OFF = "none";

/** What is to change of a policy; absent members stay. */
export interface PolicyOptions {
  readonly maxAge?: Said<number>;
  readonly maxSessions?: Said<number>;
  readonly maxFrames?: Said<number>;
  readonly triggers?: Said<readonly string[]>;
  readonly minimumPeriod?: number | typeof INHERITED;
  readonly healing?: "yes" | "no" | typeof INHERITED;
}

const MOST = 1_000_000_000;

/** The options for every member of a policy. */
export function addPolicyOptions(command: Command): Command {
  return command
    .optionsGroup(
      'The policy; "none" switches a limit off, "inherit" leaves it to the level above:',
    )
    .option(
      "--max-age <time>",
      "longest use of root keys, such as 365d",
      said(duration(1, LONGEST_PERIOD_MS)),
    )
    .option("--max-sessions <n>", "most sessions made from root keys", said(wholeNumber(1, MOST)))
    .option("--max-frames <n>", "most frames under root keys", said(wholeNumber(1, MOST)))
    .option(
      "--triggers <list>",
      `events after which new ones are wanted: ${UPDATE_TRIGGERS.join(",")}`,
      said(parseTriggers),
    )
    .option(
      "--minimum-period <time>",
      "least time between two updates",
      inherited(duration(0, LONGEST_PERIOD_MS)),
    )
    .addOption(
      new Option("--healing <choice>", "updates with an X25519 exchange").choices([
        "yes",
        "no",
        INHERITED,
      ]),
    );
}

/** The policy with what the options change. */
export function changePolicy(before: UpdatePolicyBody, options: PolicyOptions): UpdatePolicyBody {
  const { maxAge, maxSessions, maxFrames, triggers, minimumPeriod, healing } = options;
  const changes = {
    maxAgeMs: nullIfOff(maxAge),
    maxSessions: nullIfOff(maxSessions),
    maxFrames: nullIfOff(maxFrames),
    triggers: triggers === OFF ? [] : triggers,
    minimumPeriodMs: minimumPeriod,
    isHealing: healing === undefined || healing === INHERITED ? healing : healing === "yes",
  };
  const members = Object.entries<unknown>({ ...before, ...withoutUndefined(changes) });
  return Object.fromEntries(members.filter(([, value]) => value !== INHERITED));
}

function nullIfOff<T>(value: T | typeof OFF): T | null {
  return value === OFF ? null : value;
}

function withoutUndefined(members: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Commander takes no null for a value. */
function said<T>(parse: OptionParser<T>): OptionParser<Said<T>> {
  return (text) => (text === OFF ? OFF : inherited(parse)(text));
}

function inherited<T>(parse: OptionParser<T>): OptionParser<T | typeof INHERITED> {
  return (text) => (text === INHERITED ? INHERITED : parse(text));
}

function parseTriggers(text: string): readonly string[] {
  const triggers = text.split(",").map((name) => name.trim());
  if (triggers.every((name) => UPDATE_TRIGGERS.some((known) => known === name))) return triggers;
  throw new InvalidArgumentError(`some of ${UPDATE_TRIGGERS.join(",")}, with commas between.`);
}
