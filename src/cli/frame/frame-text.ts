import type {
  FrameExplanation,
  JsonObject,
  JsonValue,
  MicExplanation,
} from "../../lorawan/explain/frame-explanation.ts";

/** An explained frame as lines for people. */
export function formatExplanation(explanation: FrameExplanation): string {
  const { messageType, lengthBytes, fields, mic, decrypted, macCommands } = explanation;
  return [
    `${messageType}, ${lengthBytes} bytes`,
    ...formatFields(fields),
    ...(mic === undefined ? [] : [`MIC ${formatMic(mic)}`]),
    ...(decrypted === undefined ? [] : ["Decrypted", ...formatFields(decrypted)]),
    ...(macCommands === undefined ? [] : ["MAC commands", ...formatCommands(macCommands)]),
  ].join("\n");
}

function formatFields(fields: JsonObject): string[] {
  const width = Math.max(...Object.keys(fields).map((name) => name.length)) + 2;
  return Object.entries(fields).map(
    ([name, value]) => `  ${name.padEnd(width)}${formatValue(value)}${asText(name, value)}`,
  );
}

function formatMic({ status, detail }: MicExplanation): string {
  return `${status === "mismatch" ? "WRONG" : status}: ${detail}`;
}

function formatCommands(commands: JsonValue): string[] {
  if (!Array.isArray(commands)) return [`  ${formatValue(commands)}`];
  return (commands as readonly JsonObject[]).map(({ name, cid, hex, ...fields }) => {
    const values = formatValue(fields);
    return `  ${formatValue(name ?? "?")} (${formatValue(hex ?? cid ?? "")})${values && `: ${values}`}`;
  });
}

function formatValue(value: JsonValue): string {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object") return `${value}`;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(formatValue).join(" ");
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${formatValue(inner)}`)
    .join(", ");
}

/** A payload of printable ASCII in quotation marks as well. */
function asText(name: string, value: JsonValue): string {
  if (name !== "FRMPayload" || typeof value !== "string") return "";
  const text = Buffer.from(value, "hex").toString("latin1");
  return /^[\x20-\x7e]+$/.test(text) ? `  "${text}"` : "";
}
