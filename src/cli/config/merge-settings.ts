import Type from "typebox";
import { Check } from "typebox/value";
import { WarrenError } from "../../errors.ts";
import { type Environment, readEnvironment } from "./config-environment.ts";
import { type ConfigFile, readConfigFile } from "./config-file.ts";
import { expectation, MEMBERS, type Member, memberOf } from "./config-members.ts";
import { type ConfigOptions, settingsOfOptions } from "./config-options.ts";
import { memberName, type Setting, type Settings, SOURCE_KINDS } from "./setting.ts";

const NO_FILE: ConfigFile = { settings: [], webhooks: [], problems: [] };
/** How much of a wrong value is repeated in a message. */
const SHOWN_LENGTH = 40;

/**
 * Everything that is set: an option before the environment before the file before the default. Each value
 * alone is as the schema wants it.
 *
 * @throws WarrenError `configuration-invalid` naming every problem, one a line, with file and line
 */
export function mergeSettings(options: ConfigOptions, environment: Environment): Settings {
  const fileName = options.config ?? environment["WARREN_CONFIG"];
  const file = fileName ? readConfigFile(fileName) : NO_FILE;
  const variables = readEnvironment(environment);
  const settings = new Map<string, Setting>();
  for (const setting of [
    ...defaultsOf(file.webhooks.length),
    ...file.settings,
    ...variables.settings,
    ...settingsOfOptions(options),
  ]) {
    settings.set(setting.name, setting);
  }
  keepStronger(settings, "storage.url", "storage.url_file");
  keepStronger(settings, "vault.pin", "vault.pin_file");
  refuse([
    ...file.problems,
    ...variables.problems,
    ...[...settings.values()].flatMap(problemOf),
    ...file.webhooks.flatMap((where, index) => missingMembers(where, index, settings)),
  ]);
  return settings;
}

/** Of two members that say the same, the one from the stronger source counts; equal ones both stay. */
function keepStronger(settings: Map<string, Setting>, first: string, second: string): void {
  const [one, other] = [settings.get(first), settings.get(second)];
  if (one === undefined || other === undefined) return;
  const strength = SOURCE_KINDS.indexOf(one.source) - SOURCE_KINDS.indexOf(other.source);
  if (strength > 0) settings.delete(second);
  if (strength < 0) settings.delete(first);
}

/** @throws WarrenError `configuration-invalid` if there is any problem */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new WarrenError("configuration-invalid", problems.join("\n"));
}

function defaultsOf(webhookCount: number): Setting[] {
  const webhooks = Array.from({ length: webhookCount }, (_, index) => `webhook.${index}`);
  return MEMBERS.flatMap(({ name, schema }) => {
    if (schema.default === undefined) return [];
    const names = isWebhookMember(name)
      ? webhooks.map((prefix) => name.replace("webhook", prefix))
      : [name];
    return names.map((each) => ({
      name: each,
      value: schema.default,
      source: "default" as const,
      where: "default",
    }));
  });
}

function problemOf({ name, value, where }: Setting): string[] {
  const member = memberOf(memberName(name));
  if (member === undefined || Check(member.schema, value)) return [];
  return [`${where}: ${member.name} must be ${expectation(member.schema)}${given(member, value)}`];
}

function given({ schema }: Member, value: unknown): string {
  if (schema.isSecret === true) return "";
  if (value instanceof Date) return ", but it is a date";
  const text = typeof value === "string" ? `"${value}"` : String(value);
  return `, but it is ${text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text}`;
}

function missingMembers(where: string, index: number, settings: Settings): string[] {
  return MEMBERS.filter(({ name, schema }) => isWebhookMember(name) && !Type.IsOptional(schema))
    .filter(({ name }) => !settings.has(name.replace("webhook", `webhook.${index}`)))
    .map(({ name, schema }) => `${where}: ${name} is missing: ${schema.description}`);
}

function isWebhookMember(name: string): boolean {
  return name.startsWith("webhook.");
}
