import { createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

const KEY_BYTES = 16;
/** The number of a key object. */
export const SERIAL = Symbol("serial");

let lastSerial = 0;

// The class assigns them: nothing else reaches into it.
let readBytes: (key: Aes128Key) => Uint8Array;
let readKeyObject: (key: Aes128Key) => KeyObject;

/**
 * A 128-bit secret key. Inspected, printed or serialised it shows no bytes, as a `KeyObject`, which
 * takes a microsecond and more to make and again to read. Structured cloning loses the bytes: a key
 * goes to another thread as bytes.
 */
export class Aes128Key {
  static {
    readBytes = (key) => key.#bytes;
    readKeyObject = (key) => {
      key.#keyObject ??= createSecretKey(key.#bytes);
      return key.#keyObject;
    };
  }

  /**
   * Another one for each object; not a secret. Deep comparison sees it, so that it never calls two keys
   * equal whose bytes it does not see; JSON does not.
   */
  readonly [SERIAL] = ++lastSerial;
  readonly #bytes: Uint8Array;
  #keyObject: KeyObject | undefined;

  /** @param bytes 16, which are copied */
  constructor(bytes: Uint8Array) {
    this.#bytes = new Uint8Array(KEY_BYTES);
    for (let index = 0; index < KEY_BYTES; index++) this.#bytes[index] = bytes[index] as number;
  }

  /** The 16 bytes, copied. */
  export(): Buffer {
    return Buffer.from(this.#bytes);
  }

  /** Compares in constant time. */
  equals(other: Aes128Key): boolean {
    return timingSafeEqual(this.#bytes, other.#bytes);
  }
}

/** The bytes themselves, not a copy: for `crypto/` alone, which neither changes nor keeps them. */
export function bytesOfAes128Key(key: Aes128Key): Uint8Array {
  return readBytes(key);
}

/** The key for `node:crypto`. */
export function keyObjectOf(key: Aes128Key): KeyObject {
  return readKeyObject(key);
}
