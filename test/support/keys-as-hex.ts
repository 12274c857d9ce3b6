import { exportAes128Key, isAes128Key } from "../../src/crypto/aes128.ts";
import { formatHex } from "../../src/lorawan/hex.ts";

/** A plain value with its AES-128 keys as text, for deep comparison, which sees no bytes of a key. */
export function keysAsHex(value: unknown): unknown {
  if (isAes128Key(value)) return formatHex(exportAes128Key(value));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(keysAsHex);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, keysAsHex(member)]),
  );
}
