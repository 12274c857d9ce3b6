import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import { WarrenError } from "../errors.ts";

/** The default initial value of RFC 3394 §2.2.3.1; unwrapping checks it. */
const INITIAL_VALUE = new Uint8Array(8).fill(0xa6);

/** A key-encryption key: an AES key of 128, 192 or 256 bits. */
export type Kek = KeyObject;

/** A key-encryption key of 16, 24 or 32 bytes. @throws WarrenError `key-malformed` */
export function importKek(bytes: Uint8Array): Kek {
  if (bytes.length !== 16 && bytes.length !== 24 && bytes.length !== 32) {
    throw new WarrenError("key-malformed", `a KEK has 16, 24 or 32 bytes, not ${bytes.length}`);
  }
  return createSecretKey(bytes);
}

/**
 * AES key wrap (RFC 3394 §2.2.1): the result is eight bytes longer than `key`.
 *
 * @param key n × 8 bytes, n >= 2
 * @throws WarrenError `value-out-of-range` for a key of another length
 */
export function wrapKey(kek: Kek, key: Uint8Array): Uint8Array {
  if (key.length < 16 || key.length % 8 !== 0) {
    throw new WarrenError(
      "value-out-of-range",
      `a key to wrap has n × 8 bytes, n >= 2, not ${key.length}`,
    );
  }
  return new Uint8Array(createCipheriv(wrapAlgorithm(kek), kek, INITIAL_VALUE).update(key));
}

/**
 * The key inside `wrapped` (RFC 3394 §2.2.2).
 *
 * @throws WarrenError `key-unwrap-failed`, always the same: it does not tell a wrong KEK from changed
 *   bytes from a wrong length, nor does it keep OpenSSL's error
 */
export function unwrapKey(kek: Kek, wrapped: Uint8Array): Uint8Array {
  try {
    const decipher = createDecipheriv(wrapAlgorithm(kek), kek, INITIAL_VALUE);
    const key = decipher.update(wrapped);
    // OpenSSL takes an empty input and gives nothing back, with no error.
    if (key.length > 0) return new Uint8Array(key);
  } catch {
    // The one error below is all a caller may learn.
  }
  throw new WarrenError("key-unwrap-failed", "the wrapped key does not open under this KEK");
}

function wrapAlgorithm(kek: Kek): string {
  return `id-aes${8 * (kek.symmetricKeySize as number)}-wrap`;
}
