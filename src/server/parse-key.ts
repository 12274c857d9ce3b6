import { type Aes128Key, importAes128Key } from "../crypto/aes128.ts";
import { parseHex } from "../lorawan/hex.ts";

/** A key of a request body: 32 hex digits. @throws WarrenError `text-malformed` */
export function parseKey(hex: string): Aes128Key {
  return importAes128Key(parseHex(hex, 16));
}
