import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import { WarrenError } from "../errors.ts";

/** A 128-bit secret key. As a `KeyObject` it shows no bytes when inspected, printed or serialised. */
export type Aes128Key = KeyObject;

const BLOCK_BYTES = 16;

/** @throws WarrenError `key-malformed` unless `bytes` are 16; the message never repeats them */
export function importAes128Key(bytes: Uint8Array): Aes128Key {
  if (bytes.length !== BLOCK_BYTES) {
    throw new WarrenError("key-malformed", `an AES-128 key has 16 bytes, not ${bytes.length}`);
  }
  return createSecretKey(bytes);
}

/** The 16 bytes of `key`, as a new array: for wrapping and derivation only. */
export function exportAes128Key(key: Aes128Key): Uint8Array {
  return new Uint8Array(key.export());
}

/**
 * AES-128 in ECB mode without padding over n × 16 bytes, n >= 0: the `aes128_encrypt` of LoRaWAN.
 *
 * @throws WarrenError `value-out-of-range` when `blocks` are not whole
 */
export function aes128Encrypt(key: Aes128Key, blocks: Uint8Array): Uint8Array {
  requireWholeBlocks(blocks);
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return new Uint8Array(cipher.update(blocks));
}

/**
 * The inverse of `aes128Encrypt`.
 *
 * @throws WarrenError `value-out-of-range` when `blocks` are not whole
 */
export function aes128Decrypt(key: Aes128Key, blocks: Uint8Array): Uint8Array {
  requireWholeBlocks(blocks);
  // Without padding `update` gives back every block: there is no last one to hold for `final`.
  const decipher = createDecipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return new Uint8Array(decipher.update(blocks));
}

/** Compares two keys in constant time; `KeyObject.equals` does not promise that. */
export function equalKeys(a: Aes128Key, b: Aes128Key): boolean {
  return timingSafeEqual(a.export(), b.export());
}

function requireWholeBlocks(blocks: Uint8Array): void {
  if (blocks.length % BLOCK_BYTES !== 0) {
    throw new WarrenError(
      "value-out-of-range",
      `AES works on whole blocks of 16 bytes, not ${blocks.length} bytes`,
    );
  }
}
