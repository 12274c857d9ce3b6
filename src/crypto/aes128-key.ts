import { createSecretKey, type KeyObject } from "node:crypto";

const KEY_BYTES = 16;
/** The number of a key object. */
export const SERIAL = Symbol("serial");

let lastSerial = 0;

// The class assigns them: nothing else reaches into it.
let writeBytes: (key: Aes128Key, to: Uint8Array, at: number) => void;
let readKeyObject: (key: Aes128Key) => KeyObject;

/**
 * A 128-bit secret key. Inspected, printed or serialised it shows no bytes, as a `KeyObject`, which
 * takes a microsecond and more to make and again to read. Structured cloning loses the bytes: a key
 * goes to another thread as bytes.
 *
 * Its bytes are four numbers: an array for them would take four times the memory of the whole key.
 */
export class Aes128Key {
  static {
    writeBytes = (key, to, at) => {
      writeWord(key.#word0, to, at);
      writeWord(key.#word1, to, at + 4);
      writeWord(key.#word2, to, at + 8);
      writeWord(key.#word3, to, at + 12);
    };
    readKeyObject = (key) => {
      key.#keyObject ??= createSecretKey(key.export());
      return key.#keyObject;
    };
  }

  /**
   * Another one for each object; not a secret. Deep comparison sees it, so that it never calls two keys
   * equal whose bytes it does not see; JSON does not.
   */
  readonly [SERIAL] = ++lastSerial;
  // Big-endian, signed: what V8 keeps without an object of its own.
  readonly #word0: number;
  readonly #word1: number;
  readonly #word2: number;
  readonly #word3: number;
  #keyObject: KeyObject | undefined;

  /** @param bytes of which 16 are copied, from `at` on */
  constructor(bytes: Uint8Array, at = 0) {
    this.#word0 = wordAt(bytes, at);
    this.#word1 = wordAt(bytes, at + 4);
    this.#word2 = wordAt(bytes, at + 8);
    this.#word3 = wordAt(bytes, at + 12);
  }

  /** The 16 bytes, copied. */
  export(): Buffer {
    const bytes = Buffer.alloc(KEY_BYTES);
    writeBytes(this, bytes, 0);
    return bytes;
  }

  /** Compares in constant time. */
  equals(other: Aes128Key): boolean {
    const difference =
      (this.#word0 ^ other.#word0) |
      (this.#word1 ^ other.#word1) |
      (this.#word2 ^ other.#word2) |
      (this.#word3 ^ other.#word3);
    return difference === 0;
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

function writeWord(word: number, to: Uint8Array, at: number): void {
  to[at] = word >>> 24;
  to[at + 1] = word >>> 16;
  to[at + 2] = word >>> 8;
  to[at + 3] = word;
}

/** Writes the 16 bytes of `key` into `to`, from `at` on: for encryption, wrapping and derivation only. */
export function writeAes128Key(key: Aes128Key, to: Uint8Array, at: number): void {
  writeBytes(key, to, at);
}

/** The key for `node:crypto`. */
export function keyObjectOf(key: Aes128Key): KeyObject {
  return readKeyObject(key);
}
