import type { DeviceFormat } from "../formats.ts";
import { isObject } from "../record-fields.ts";
import { JsonTexts, MAX_JSON_LENGTH } from "../split/json-texts.ts";

/** Every format that a file can have: devices with keys, sealed devices, or QR texts. */
export type FileFormat = DeviceFormat | "jwe" | "tr005";

/** How much of a file `detectFormat` wants to see: its first object, however many DevNonces that has. */
export const DETECTION_LENGTH = MAX_JSON_LENGTH;
/** Objects are short as a rule. */
const LOOK_LENGTH = 64 * 1024;

/** The format of a file by its first characters, undefined when it looks like none. */
export function detectFormat(head: string): FileFormat | undefined {
  const text = head.replace(/^[\s\ufeff]+/, "");
  if (/^(LW:D0|URN:LW:DP|URN:DEV:LW):/i.test(text)) return "tr005";
  // The header of a JWE is JSON in base64url, and so starts with `eyJ`.
  if (/^eyJ[\w-]+\.[\w-]*\.[\w-]+\./.test(text)) return "jwe";
  return /^[[{]/.test(text) ? formatOfJson(text) : formatOfHeading(text);
}

function formatOfJson(text: string): DeviceFormat | undefined {
  const names = memberNames(firstJsonText(text));
  if (names.has("ids") || names.has("root_keys")) return "tts-json";
  const isOfChirpStack = ["device", "deviceKeys", "device_keys", "dev_eui", "nwk_key", "genAppKey"];
  if (isOfChirpStack.some((name) => names.has(name))) return "chirpstack";
  return names.has("devEui") ? "warren" : undefined;
}

function firstJsonText(text: string): string {
  const texts = new JsonTexts();
  for (let start = 0; start < text.length; start += LOOK_LENGTH) {
    const [first] = texts.push(text.slice(start, start + LOOK_LENGTH));
    if (first !== undefined) return first.text;
  }
  return "";
}

function memberNames(json: string): ReadonlySet<string> {
  try {
    const value: unknown = JSON.parse(json);
    return new Set(isObject(value) ? Object.keys(value) : []);
  } catch {
    return new Set();
  }
}

function formatOfHeading(text: string): DeviceFormat | undefined {
  const heading = (text.split("\n", 1)[0] as string).toLowerCase();
  const names = new Set(heading.split(/[;,\t]/).map((name) => name.trim().replaceAll('"', "")));
  if (!(names.has("dev_eui") || names.has("deveui"))) return undefined;
  const isOfDatabase = ["gen_app_key", "dev_nonces", "join_nonce", "mac_version", "is_disabled"];
  return isOfDatabase.some((name) => names.has(name)) ? "chirpstack-csv" : "tts-csv";
}
