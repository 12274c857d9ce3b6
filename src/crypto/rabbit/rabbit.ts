import {
  nextState,
  type RabbitState,
  readState,
  STATE_WORDS,
  setUpIv,
  setUpKey,
  writeBlock,
} from "./rabbit-state.ts";

const BLOCK_BYTES = 16;

/**
 * The Rabbit stream cipher (RFC 4503) in little-endian octet order, the order of eSTREAM and of the
 * common libraries: octet 0 of the key is the least significant. The RFC prints the reverse
 * of each block. Key set-up and IV set-up always run their four iterations; with fewer the
 * output can be told from random.
 *
 * Without an IV one key must give one keystream only (RFC 4503 §3.2). Not an all-zero IV: that gives
 * another keystream.
 */
export class Rabbit {
  readonly #state = new Int32Array(STATE_WORDS);
  /** The block last handed out in part, and how much of it. */
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #usedBytes = BLOCK_BYTES;

  /**
   * @param key 16 bytes
   * @param iv 8 bytes, or none
   * @throws WarrenError `key-malformed` for a key, `value-out-of-range` for an IV of another length
   */
  constructor(key: Uint8Array, iv?: Uint8Array) {
    setUpKey(this.#state, key);
    if (iv !== undefined) {
      setUpIv(this.#state, iv);
    }
  }

  /** The next `lengthBytes` bytes of the keystream: calls go on where the last one ended. */
  keystream(lengthBytes: number): Uint8Array {
    const output = new Uint8Array(lengthBytes);
    let offset = Math.min(BLOCK_BYTES - this.#usedBytes, lengthBytes);
    output.set(this.#block.subarray(this.#usedBytes, this.#usedBytes + offset));
    this.#usedBytes += offset;
    for (; offset + BLOCK_BYTES <= lengthBytes; offset += BLOCK_BYTES) {
      nextState(this.#state);
      writeBlock(this.#state, output, offset);
    }
    if (offset < lengthBytes) {
      nextState(this.#state);
      writeBlock(this.#state, this.#block, 0);
      this.#usedBytes = lengthBytes - offset;
      output.set(this.#block.subarray(0, this.#usedBytes), offset);
    }
    return output;
  }

  /** A copy of the internal state, for the known answers of RFC 4503 appendix B. */
  state(): RabbitState {
    return readState(this.#state);
  }
}

/** Used by one call at a time and cleared by it: set-up is most of the work of a short keystream. */
const scratch = new Int32Array(STATE_WORDS);

/**
 * `R(key)`: the first 16 bytes of the keystream under `key`, without IV, little-endian.
 *
 * @throws WarrenError `key-malformed` unless `key` has 16 bytes
 */
export function rabbitBlock(key: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  setUpKey(scratch, key);
  nextState(scratch);
  writeBlock(scratch, block, 0);
  scratch.fill(0);
  return block;
}
