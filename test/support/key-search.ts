import type { Aes128Key } from "../../src/crypto/aes128.ts";
import type { Kek } from "../../src/crypto/key-wrap.ts";

type ExportableKey = Aes128Key | Kek;

/** The ways a key could stand in a text: hex of either case and base64, bare of padding. */
export function spellingsOf(key: ExportableKey): string[] {
  const bytes = key.export();
  const hex = bytes.toString("hex");
  return [
    hex,
    hex.toUpperCase(),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
  ];
}

/** The first of the keys that stands in the text in any spelling, in hex, for a failure message. */
export function findKey(text: string, keys: Iterable<ExportableKey>): string | undefined {
  for (const key of keys) {
    const found = spellingsOf(key).find((spelling) => text.includes(spelling));
    if (found !== undefined) return found;
  }
  return undefined;
}
