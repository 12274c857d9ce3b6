import { type Aes128Key, importAes128Key } from "../crypto/aes128.ts";
import { unwrapKey } from "../crypto/key-wrap.ts";
import { WarrenError } from "../errors.ts";
import type { ParseOptions } from "./device-record.ts";

/** What a file has in the place of a key. */
export interface WrappedKey {
  /** The member, to name it in an error. */
  readonly name: string;
  /** 24 bytes (RFC 3394). */
  readonly octets: Uint8Array;
  readonly kekLabel: string;
}

/**
 * The key inside, undefined for one of zeros.
 *
 * @throws WarrenError `key-unwrap-failed` without the KEK, and when it does not open under it
 */
export function openWrappedKey(
  { name, octets, kekLabel }: WrappedKey,
  keks: ParseOptions["keks"],
): Aes128Key | undefined {
  const kek = keks.get(kekLabel);
  if (kek === undefined) {
    throw new WarrenError(
      "key-unwrap-failed",
      `${name} is wrapped under the KEK ${JSON.stringify(kekLabel)}; give that with --kek-label and --kek-file`,
    );
  }
  const key = unwrapKey(kek, octets);
  return key.every((octet) => octet === 0) ? undefined : importAes128Key(key);
}
