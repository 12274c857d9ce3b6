import { MEMBERS, memberOf } from "../config-members.ts";
import { memberName, type Setting, type Settings } from "../setting.ts";

/** One line a member, `name = value  # where`, in the order of the schema; secrets are hidden. */
export function showSettings(settings: Settings): string {
  const webhooks = [...settings.values()].filter(({ name }) => name.startsWith("webhook."));
  const lines = MEMBERS.filter(({ name }) => !name.startsWith("webhook."))
    .map(({ name, schema }) => {
      const setting = settings.get(name);
      if (setting !== undefined) return lineOf(setting);
      return schema.defaultText === undefined
        ? [`# ${name}`, "not set"]
        : [`${name} = ${schema.defaultText}`, "default"];
    })
    .concat(webhooks.map(lineOf));
  const width = Math.min(60, Math.max(...lines.map(([text = ""]) => text.length)));
  return lines.map(([text = "", where]) => `${text.padEnd(width)}  # ${where}`).join("\n");
}

function lineOf({ name, value, where }: Setting): string[] {
  const isSecret = memberOf(memberName(name))?.schema.isSecret === true;
  return [`${name} = ${isSecret ? "<hidden>" : JSON.stringify(value)}`, where];
}
