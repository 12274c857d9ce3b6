import { createSecretKey, type KeyObject } from "node:crypto";
import { WarrenError } from "../errors.ts";

/** A 256-bit secret key. As a `KeyObject` it shows no bytes when inspected, printed or serialised. */
export type Aes256Key = KeyObject;

const KEY_BYTES = 32;

/** @throws WarrenError `key-malformed` unless `bytes` are 32; the message never repeats them */
export function importAes256Key(bytes: Uint8Array): Aes256Key {
  if (bytes.length !== KEY_BYTES) {
    throw new WarrenError("key-malformed", `an AES-256 key has 32 bytes, not ${bytes.length}`);
  }
  return createSecretKey(bytes);
}

/** The 32 bytes of `key`, as a new array: for wrapping only. */
export function exportAes256Key(key: Aes256Key): Uint8Array {
  return new Uint8Array(key.export());
}
