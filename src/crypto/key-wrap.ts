import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import { WarrenError } from "../errors.ts";
import { LANE_COUNT } from "./aes-core/aes-engine.ts";
import { aesEngine } from "./aes-core/select-engine.ts";
import { Aes128Key } from "./aes128-key.ts";

/** The default initial value of RFC 3394 §2.2.3.1; unwrapping checks it. */
const INITIAL_VALUE = new Uint8Array(8).fill(0xa6);
/** Of the keys of LoRaWAN, which the AES core wraps. */
const KEY_BYTES = 16;
const WRAPPED_KEY_BYTES = 24;

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
  const kek128 = aes128KeyOf(kek);
  if (kek128 !== undefined && key.length === KEY_BYTES) {
    return aesEngine().wrapEach([kek128], [key])[0] as Uint8Array;
  }
  if (key.length < 16 || key.length % 8 !== 0) {
    throw new WarrenError(
      "value-out-of-range",
      `a key to wrap has n × 8 bytes, n >= 2, not ${key.length}`,
    );
  }
  return new Uint8Array(createCipheriv(wrapAlgorithm(kek), kek, INITIAL_VALUE).update(key));
}

/** A key and the KEK that it travels under. */
export interface KeyToWrap {
  readonly kek: Kek;
  /** n × 8 bytes, n >= 2. */
  readonly key: Uint8Array;
}

/**
 * `wrapKey` of each. Up to eight keys of 16 bytes under KEKs of 16 take the time of one.
 *
 * @throws WarrenError `value-out-of-range` for a key of another length
 */
export function wrapKeys(keysToWrap: readonly KeyToWrap[]): Uint8Array[] {
  const keks = keysToWrap.map(({ kek }) => aes128KeyOf(kek)).filter((kek) => kek !== undefined);
  const keys = keysToWrap.map(({ key }) => key);
  const fitsLanes =
    keys.length > 0 &&
    keys.length <= LANE_COUNT &&
    keks.length === keys.length &&
    keys.every((key) => key.length === KEY_BYTES);
  return fitsLanes
    ? aesEngine().wrapEach(keks, keys)
    : keysToWrap.map(({ kek, key }) => wrapKey(kek, key));
}

/**
 * The key inside `wrapped` (RFC 3394 §2.2.2).
 *
 * @throws WarrenError `key-unwrap-failed`, always the same: it does not tell a wrong KEK from changed
 *   bytes from a wrong length, nor does it keep OpenSSL's error
 */
export function unwrapKey(kek: Kek, wrapped: Uint8Array): Uint8Array {
  const kek128 = aes128KeyOf(kek);
  if (kek128 !== undefined && wrapped.length === WRAPPED_KEY_BYTES) {
    const [key] = aesEngine().unwrapEach([kek128], [wrapped]);
    if (key !== undefined) return key;
    throw unwrapFailed();
  }
  try {
    const decipher = createDecipheriv(wrapAlgorithm(kek), kek, INITIAL_VALUE);
    const key = decipher.update(wrapped);
    // OpenSSL takes an empty input and gives nothing back, with no error.
    if (key.length > 0) return new Uint8Array(key);
  } catch {
    // The one error below is all a caller may learn.
  }
  throw unwrapFailed();
}

function unwrapFailed(): WarrenError {
  return new WarrenError("key-unwrap-failed", "the wrapped key does not open under this KEK");
}

function wrapAlgorithm(kek: Kek): string {
  return `id-aes${8 * (kek.symmetricKeySize as number)}-wrap`;
}

/** KEKs of 128 bits as the AES core takes them: reading a `KeyObject` takes longer than wrapping. */
const aes128KeyByKek = new WeakMap<Kek, Aes128Key>();

function aes128KeyOf(kek: Kek): Aes128Key | undefined {
  const known = aes128KeyByKek.get(kek);
  if (known !== undefined || kek.symmetricKeySize !== KEY_BYTES) return known;
  const key = new Aes128Key(kek.export());
  aes128KeyByKek.set(kek, key);
  return key;
}
