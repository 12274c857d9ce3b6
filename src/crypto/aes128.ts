import { WarrenError } from "../errors.ts";
import { LANE_COUNT } from "./aes-core/aes-engine.ts";
import { aesEngine } from "./aes-core/select-engine.ts";
import { Aes128Key, writeAes128Key } from "./aes128-key.ts";

export { type Aes128Key, writeAes128Key } from "./aes128-key.ts";

const BLOCK_BYTES = 16;

/** @throws WarrenError `key-malformed` unless `bytes` are 16; the message never repeats them */
export function importAes128Key(bytes: Uint8Array): Aes128Key {
  if (bytes.length !== BLOCK_BYTES) {
    throw new WarrenError("key-malformed", `an AES-128 key has 16 bytes, not ${bytes.length}`);
  }
  return new Aes128Key(bytes);
}

/**
 * The key in 16 bytes of a longer array.
 *
 * @throws WarrenError `key-malformed` when there are not so many from `at` on
 */
export function importAes128KeyAt(bytes: Uint8Array, at: number): Aes128Key {
  if (at < 0 || at + BLOCK_BYTES > bytes.length) {
    throw new WarrenError("key-malformed", `no ${BLOCK_BYTES} bytes of a key from byte ${at} on`);
  }
  return new Aes128Key(bytes, at);
}

/** Whether a value found in some state is such a key. */
export function isAes128Key(value: unknown): value is Aes128Key {
  return value instanceof Aes128Key;
}

/** The 16 bytes of `key`, as a new array: for wrapping and derivation only. */
export function exportAes128Key(key: Aes128Key): Uint8Array {
  const bytes = new Uint8Array(BLOCK_BYTES);
  writeAes128Key(key, bytes, 0);
  return bytes;
}

/**
 * AES-128 in ECB mode without padding over n × 16 bytes, n >= 0: the `aes128_encrypt` of LoRaWAN.
 *
 * @throws WarrenError `value-out-of-range` when `blocks` are not whole
 */
export function aes128Encrypt(key: Aes128Key, blocks: Uint8Array): Uint8Array {
  requireWholeBlocks(blocks);
  return aesEngine().encrypt(key, blocks);
}

/**
 * The inverse of `aes128Encrypt`.
 *
 * @throws WarrenError `value-out-of-range` when `blocks` are not whole
 */
export function aes128Decrypt(key: Aes128Key, blocks: Uint8Array): Uint8Array {
  requireWholeBlocks(blocks);
  return aesEngine().decrypt(key, blocks);
}

/**
 * Encrypts block i under key i, in the time of about two blocks.
 *
 * @param keys 1 to 8
 * @param blocks 16 bytes for each key
 * @throws WarrenError `value-out-of-range` for other numbers
 */
export function aes128EncryptEach(keys: readonly Aes128Key[], blocks: Uint8Array): Uint8Array {
  if (keys.length < 1 || keys.length > LANE_COUNT || blocks.length !== keys.length * BLOCK_BYTES) {
    throw new WarrenError(
      "value-out-of-range",
      `1 to ${LANE_COUNT} keys have a block of 16 bytes each, not ${keys.length} keys ${blocks.length} bytes`,
    );
  }
  return aesEngine().encryptEach(keys, blocks);
}

/** Compares two keys in constant time. */
export function equalKeys(a: Aes128Key, b: Aes128Key): boolean {
  return a.equals(b);
}

function requireWholeBlocks(blocks: Uint8Array): void {
  if (blocks.length % BLOCK_BYTES !== 0) {
    throw new WarrenError(
      "value-out-of-range",
      `AES works on whole blocks of 16 bytes, not ${blocks.length} bytes`,
    );
  }
}
