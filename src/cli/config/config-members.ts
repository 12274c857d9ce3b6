import Type from "typebox";
import { ConfigSchema, type MemberSchema } from "./config-schema.ts";

/** A value of the configuration that can be set. */
export interface Member {
  /** `backend.tls.cert`; members of a webhook are `webhook.url`. */
  readonly name: string;
  readonly schema: MemberSchema;
  /** Undefined for members of a webhook, of which there may be several. */
  readonly environmentName: string | undefined;
}

/** All members in the order of the schema. */
export const MEMBERS: readonly Member[] = membersOf(ConfigSchema as unknown as MemberSchema, []);

const byName = new Map(MEMBERS.map((member) => [member.name, member]));

/** The member of this name, if it is one. */
export function memberOf(name: string): Member | undefined {
  return byName.get(name);
}

/** What a table holds, or undefined for what is no table. "" is the whole file. */
export function tableMembers(name: string): string[] | undefined {
  let schema: MemberSchema | undefined = ConfigSchema as unknown as MemberSchema;
  for (const part of name === "" ? [] : name.split(".")) {
    if (schema === undefined) return undefined;
    schema = propertiesOf(schema)?.[part];
  }
  const properties = schema && propertiesOf(schema);
  return properties && Object.keys(properties);
}

/** What a value of the member must be, for people. */
export function expectation(schema: MemberSchema): string {
  if (schema.expected !== undefined) return schema.expected;
  if (Type.IsBoolean(schema)) return "true or false";
  if (Type.IsInteger(schema)) return `a whole number from ${schema.minimum} to ${schema.maximum}`;
  if (Type.IsNumber(schema)) return `a number from ${schema.minimum} to ${schema.maximum}`;
  if (Type.IsEnum(schema)) return `one of ${schema.enum.join(", ")}`;
  if (Type.IsArray(schema)) {
    return `a list of ${expectation(schema.items as MemberSchema).replace(/^one/, "any")}`;
  }
  return schema.isPath === true ? "a path" : "text";
}

function membersOf(schema: MemberSchema, path: readonly string[]): Member[] {
  const properties = propertiesOf(schema);
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([key, inner]) => membersOf(inner, [...path, key]));
  }
  const isInWebhook = path[0] === "webhook";
  return [
    {
      name: path.join("."),
      schema,
      environmentName: isInWebhook ? undefined : `WARREN_${path.join("_").toUpperCase()}`,
    },
  ];
}

/** Of a table, or of the tables in a list of tables. */
function propertiesOf(schema: MemberSchema): Record<string, MemberSchema> | undefined {
  const inner = Type.IsArray(schema) ? schema.items : schema;
  return Type.IsObject(inner) ? (inner.properties as Record<string, MemberSchema>) : undefined;
}
