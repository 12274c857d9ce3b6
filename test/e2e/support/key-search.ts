import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readMemory } from "./process-memory.ts";

/** A key to look for. */
export interface SoughtKey {
  /** For the report, such as "AppSKey of 70b3..., session 3". */
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Pattern {
  readonly name: string;
  readonly bytes: Buffer;
}

const SHORTEST_PATTERN_BYTES = 14;

/**
 * Looks for keys in any bytes, in every form a program might leave them in: raw, reversed, hex of either
 * case, hex as UTF-16 (how JavaScript keeps some strings), base64 and base64url at each of the three
 * positions a key can have in a longer text.
 */
export class KeySearch {
  /** By the first four bytes; the first two, which most places fail at, are in a table as well. */
  readonly #byPrefix = new Map<number, Pattern[]>();
  readonly #isPrefix = new Uint8Array(65_536);
  readonly #longest: number;

  constructor(keys: readonly SoughtKey[]) {
    const patterns = keys.flatMap(patternsOf);
    this.#longest = Math.max(...patterns.map(({ bytes }) => bytes.length));
    for (const pattern of patterns) {
      const prefix = pattern.bytes.readUInt32BE(0);
      this.#isPrefix[prefix >>> 16] = 1;
      this.#byPrefix.set(prefix, [...(this.#byPrefix.get(prefix) ?? []), pattern]);
    }
  }

  /** Names of the keys found, with the form they were found in. */
  inBytes(bytes: Uint8Array): Set<string> {
    const found = new Set<string>();
    const isPrefix = this.#isPrefix;
    const last = bytes.length - SHORTEST_PATTERN_BYTES;
    for (let offset = 0; offset <= last; offset++) {
      const half = ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
      if (isPrefix[half] === 0) continue;
      const rest = ((bytes[offset + 2] as number) << 8) | (bytes[offset + 3] as number);
      const patterns = this.#byPrefix.get(half * 65_536 + rest);
      if (patterns === undefined) continue;
      for (const { name, bytes: pattern } of patterns) {
        if (pattern.equals(bytes.subarray(offset, offset + pattern.length))) found.add(name);
      }
    }
    return found;
  }

  /** Searches every file under a folder. */
  inFolder(folder: string): Set<string> {
    const found = new Set<string>();
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      for (const name of this.inBytes(readFileSync(path))) found.add(`${name} in ${entry.name}`);
    }
    return found;
  }

  /** Searches all memory of a process that it can have written (Linux). */
  inMemoryOf(pid: number): Set<string> {
    const found = new Set<string>();
    const longest = this.#longest;
    for (const chunk of readMemory(pid, longest)) {
      for (const name of this.inBytes(chunk)) found.add(name);
    }
    return found;
  }
}

function patternsOf({ name, bytes }: SoughtKey): Pattern[] {
  const raw = Buffer.from(bytes);
  const hex = raw.toString("hex");
  const patterns: Pattern[] = [
    { name: `${name} (raw)`, bytes: raw },
    { name: `${name} (raw, reversed)`, bytes: Buffer.from(raw).reverse() },
    { name: `${name} (hex)`, bytes: Buffer.from(hex) },
    { name: `${name} (HEX)`, bytes: Buffer.from(hex.toUpperCase()) },
    { name: `${name} (hex, UTF-16)`, bytes: Buffer.from(hex, "utf16le") },
    { name: `${name} (HEX, UTF-16)`, bytes: Buffer.from(hex.toUpperCase(), "utf16le") },
  ];
  for (let shift = 0; shift < 3; shift++) {
    const shifted = Buffer.concat([Buffer.alloc(shift), raw, Buffer.alloc(2)]);
    // Without the digits at either end that also depend on the neighbours.
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor(((shift + raw.length) * 8) / 6);
    const base64 = shifted.toString("base64").slice(first, last);
    const base64url = shifted.toString("base64url").slice(first, last);
    patterns.push({ name: `${name} (base64)`, bytes: Buffer.from(base64) });
    if (base64url !== base64) {
      patterns.push({ name: `${name} (base64url)`, bytes: Buffer.from(base64url) });
    }
  }
  return patterns;
}
