import { createHmac, hkdfSync } from "node:crypto";
import { WarrenError } from "../errors.ts";

/** Hash functions by their output length in bytes. */
const HASH_BYTES = { sha1: 20, sha256: 32 } as const;

export type HkdfHash = keyof typeof HASH_BYTES;

export interface HkdfInput {
  readonly hash: HkdfHash;
  /** Input keying material. */
  readonly ikm: Uint8Array;
  /** Empty stands for as many zero bytes as the hash has (RFC 5869 §2.2). */
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  /** At most 255 × the length of the hash. */
  readonly lengthBytes: number;
}

/**
 * HKDF, extract and expand (RFC 5869 §2).
 *
 * @throws WarrenError `value-out-of-range` for a length the construction cannot give
 */
export function hkdf({ hash, ikm, salt, info, lengthBytes }: HkdfInput): Uint8Array {
  const longest = 255 * HASH_BYTES[hash];
  if (!Number.isInteger(lengthBytes) || lengthBytes < 0 || lengthBytes > longest) {
    throw new WarrenError("value-out-of-range", `HKDF gives 0 to ${longest} bytes`);
  }
  return new Uint8Array(hkdfSync(hash, ikm, salt, info, lengthBytes));
}

/** The pseudorandom key of the first step alone (RFC 5869 §2.2): as long as the hash. */
export function hkdfExtract({
  hash,
  ikm,
  salt,
}: Pick<HkdfInput, "hash" | "ikm" | "salt">): Uint8Array {
  return new Uint8Array(createHmac(hash, salt).update(ikm).digest());
}
