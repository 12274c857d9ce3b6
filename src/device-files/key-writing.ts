import { type Aes128Key, exportAes128Key } from "../crypto/aes128.ts";
import { type Kek, wrapKey } from "../crypto/key-wrap.ts";
import { formatHex } from "../lorawan/hex.ts";

/** How root keys stand in a file: not at all, each wrapped under a KEK (RFC 3394), or in the clear. */
export type KeyWriting =
  | { readonly kind: "none" }
  | { readonly kind: "wrapped"; readonly label: string; readonly kek: Kek }
  /** Only for a text that is sealed as a whole before it leaves. */
  | { readonly kind: "clear" };

/** 32 hex digits. */
export function clearKey(key: Aes128Key): string {
  return formatHex(exportAes128Key(key));
}

/** 48 hex digits. */
export function wrappedKey(kek: Kek, key: Aes128Key): string {
  return formatHex(wrapKey(kek, exportAes128Key(key)));
}
