import { type Aes128Key, importAes128Key } from "../crypto/aes128.ts";
import { WarrenError } from "../errors.ts";
import { parseHex } from "../lorawan/hex.ts";
import { type Eui64, type NetId, parseEui64, parseNetId } from "../lorawan/identifiers.ts";

/** A record of a file: a JSON object, or a row of CSV by its headings. */
export type Fields = Readonly<Record<string, unknown>>;

/** The longest text that is taken over. */
const MAX_TEXT_LENGTH = 2000;

/** Whether there is a value: empty texts and null stand for none in all formats. */
export function has(fields: Fields, name: string): boolean {
  const value = fields[name];
  return value !== undefined && value !== null && value !== "";
}

/** @throws WarrenError `text-malformed` */
export function textOf(fields: Fields, name: string): string | undefined {
  if (!has(fields, name)) return undefined;
  const value = fields[name];
  if (typeof value !== "string" || value.length > MAX_TEXT_LENGTH) {
    throw malformed(name, `must be a text of at most ${MAX_TEXT_LENGTH} characters`);
  }
  return value;
}

/** @throws WarrenError `text-malformed` */
export function euiOf(fields: Fields, name: string): Eui64 | undefined {
  return hexOf(fields, name, 8, (hex) => parseEui64(hex));
}

/** @throws WarrenError `text-malformed` */
export function netIdOf(fields: Fields, name: string): NetId | undefined {
  return hexOf(fields, name, 3, (hex) => parseNetId(hex));
}

/**
 * A root key. One of zeros stands for none: databases keep it where there is no key, and a device that had
 * it would be open to everybody.
 *
 * @throws WarrenError `text-malformed`
 */
export function keyOf(fields: Fields, name: string): Aes128Key | undefined {
  return hexOf(fields, name, 16, (hex) =>
    /^0+$/.test(hex) ? undefined : importAes128Key(Buffer.from(hex, "hex")),
  );
}

/** Hex of `lengthBytes`, as `euiOf` reads it. @throws WarrenError `text-malformed` */
export function bytesOf(fields: Fields, name: string, lengthBytes: number): Uint8Array | undefined {
  return hexOf(fields, name, lengthBytes, (hex) => parseHex(hex));
}

/** A whole number, also as text. @throws WarrenError `value-out-of-range` */
export function numberOf(fields: Fields, name: string, maximum: number): number | undefined {
  if (!has(fields, name)) return undefined;
  const value = fields[name];
  const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return wholeNumber(number, name, maximum);
}

/** A list of whole numbers; absent is an empty one. @throws WarrenError `value-out-of-range` */
export function numbersOf(value: unknown, name: string, maximum: number): number[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformed(name, "must be a list of numbers");
  return value.map((entry) => wholeNumber(entry, name, maximum));
}

/** `true`, `false`, and what databases and spreadsheets write for them. @throws WarrenError `text-malformed` */
export function booleanOf(fields: Fields, name: string): boolean | undefined {
  if (!has(fields, name)) return undefined;
  const value = String(fields[name]).toLowerCase();
  if (["true", "t", "1", "yes"].includes(value)) return true;
  if (["false", "f", "0", "no"].includes(value)) return false;
  throw malformed(name, "must be true or false");
}

/** Names and texts; numbers and truth values become texts. @throws WarrenError `text-malformed` */
export function tagsOf(value: unknown, name: string): Record<string, string> {
  if (value === undefined || value === null || value === "") return {};
  if (!isObject(value)) throw malformed(name, "must be an object of texts");
  const tags: Record<string, string> = {};
  for (const [tag, text] of Object.entries(value)) {
    if (typeof text === "object") throw malformed(name, "must be an object of texts");
    tags[tag] = String(text);
  }
  return tags;
}

/** @throws WarrenError `text-malformed` */
export function objectOf(value: unknown, name: string): Fields {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw malformed(name, "must be an object");
  return value;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function malformed(name: string, problem: string): WarrenError {
  return new WarrenError("text-malformed", `${name} ${problem}`);
}

/**
 * Hex as people and databases write it: either case, with `0x` or PostgreSQL's `\x` before it, and spaces,
 * colons or hyphens between the octets.
 */
function hexOf<T>(
  fields: Fields,
  name: string,
  lengthBytes: number,
  read: (hex: string) => T | undefined,
): T | undefined {
  const text = textOf(fields, name);
  if (text === undefined) return undefined;
  const hex = text.length === 2 * lengthBytes ? text : text.replace(/^\s*[0\\]x|[\s:-]/gi, "");
  if (hex.length !== 2 * lengthBytes || !/^[0-9a-f]+$/i.test(hex)) {
    throw malformed(name, `must have ${2 * lengthBytes} hex digits`);
  }
  return read(hex);
}

function wholeNumber(value: unknown, name: string, maximum: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > maximum) {
    throw new WarrenError(
      "value-out-of-range",
      `${name} must be a whole number from 0 to ${maximum}`,
    );
  }
  return value;
}
