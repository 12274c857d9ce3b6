import Type from "typebox";
import { MEMBERS, type Member } from "./config-members.ts";
import type { Setting } from "./setting.ts";
import { suggestName } from "./suggest-name.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process: the one place where it is read. */
export function processEnvironment(): Environment {
  return process.env;
}

const BY_NAME = new Map(MEMBERS.map((member) => [member.environmentName ?? "", member]));
/** A variable that begins so is meant for us; others, as WARREN_TOKEN_FILE, belong to other commands. */
const PREFIXES = [
  ...new Set(MEMBERS.map(({ name }) => `WARREN_${name.replace(/\..*/, "").toUpperCase()}`)),
];

/** The members that the environment sets, and variables that look like one and are none. */
export function readEnvironment(environment: Environment): {
  readonly settings: readonly Setting[];
  readonly problems: readonly string[];
} {
  const settings: Setting[] = [];
  const problems: string[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (text === undefined || text === "") continue;
    const member = BY_NAME.get(variable);
    if (member !== undefined) {
      const value = parseText(member, text);
      settings.push({ name: member.name, value, source: "environment", where: variable });
    } else if (PREFIXES.some((prefix) => variable.startsWith(`${prefix}_`))) {
      const suggestion = suggestName(variable, [...BY_NAME.keys()]);
      problems.push(`${variable}: no member of the configuration has this name${suggestion}`);
    }
  }
  return { settings, problems };
}

/** The text as the type of the member; as it is where it does not fit, which the check then refuses. */
function parseText({ schema }: Member, text: string): unknown {
  if (Type.IsBoolean(schema)) return { true: true, false: false }[text] ?? text;
  const isNumber = Type.IsInteger(schema) || Type.IsNumber(schema);
  return isNumber && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
