import { WarrenError } from "../errors.ts";
import { formatHex, parseHex } from "../lorawan/hex.ts";
import {
  type DevAddr,
  type Eui64,
  type NetId,
  parseDevAddr,
  parseEui64,
  parseNetId,
} from "../lorawan/identifiers.ts";

/**
 * The members of one JSON object of the Backend Interfaces, read by name. Hex values may have either
 * case and any number of leading `0x` (TS002 §23.1 allows one; ChirpStack strips all).
 *
 * @throws WarrenError `request-malformed` naming the member, from every read
 */
export class Members {
  readonly #json: Record<string, unknown>;

  constructor(json: unknown) {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      throw new WarrenError("request-malformed", "the body must be a JSON object");
    }
    this.#json = json as Record<string, unknown>;
  }

  /** Whether the member is there and neither null nor "" (peers send both for "absent"). */
  has(name: string): boolean {
    const value = this.#json[name];
    return value !== undefined && value !== null && value !== "";
  }

  /** Whether the member is a string that is not empty. */
  hasText(name: string): boolean {
    return this.has(name) && typeof this.#json[name] === "string";
  }

  /** A copy in which one member has another value. */
  with(name: string, value: unknown): Members {
    return new Members({ ...this.#json, [name]: value });
  }

  text(name: string): string {
    const value = this.#json[name];
    if (typeof value !== "string") throw malformed(name, "must be a string");
    return value;
  }

  /** An integer from 0 to `maximum`. */
  integer(name: string, maximum: number): number {
    const value = this.#json[name];
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > maximum) {
      throw malformed(name, `must be an integer from 0 to ${maximum}`);
    }
    return value;
  }

  /** Hex text as bytes in the order written. */
  bytes(name: string, lengthBytes?: number): Uint8Array {
    const digits = stripHexPrefix(this.text(name));
    return named(name, () => parseHex(digits, lengthBytes));
  }

  eui64(name: string): Eui64 {
    const digits = stripHexPrefix(this.text(name));
    return named(name, () => parseEui64(digits));
  }

  devAddr(name: string): DevAddr {
    const digits = stripHexPrefix(this.text(name));
    return named(name, () => parseDevAddr(digits));
  }

  netId(name: string): NetId {
    const digits = stripHexPrefix(this.text(name));
    return named(name, () => parseNetId(digits));
  }

  /** The members of an object inside this one. */
  object(name: string): Members {
    const value = this.#json[name];
    return named(name, () => new Members(value));
  }
}

/** Hex as the Backend Interfaces carry it, without any leading `0x`. */
export function stripHexPrefix(text: string): string {
  return text.replace(/^(?:0[xX])+/, "");
}

/** Whether both are the same NetID, JoinEUI or hex AS-ID, however they are spelt. */
export function isSameId(a: string, b: string): boolean {
  return stripHexPrefix(a).toLowerCase() === stripHexPrefix(b).toLowerCase();
}

/** Bytes as we emit them: lower case, no `0x`. */
export const hexMember = formatHex;

function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    // The inner text is ours and never repeats the value, which may be a key.
    throw malformed(name, error instanceof WarrenError ? error.message : "unreadable");
  }
}

function malformed(name: string, problem: string): WarrenError {
  return new WarrenError("request-malformed", `${name}: ${problem}`);
}
