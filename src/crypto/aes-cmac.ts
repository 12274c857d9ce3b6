import { createCipheriv } from "node:crypto";
import type { Aes128Key } from "./aes128.ts";
import { doubleBlock } from "./bytes/double-block.ts";
import { xorInto } from "./bytes/xor.ts";

const BLOCK_BYTES = 16;
const ZERO_BLOCK = new Uint8Array(BLOCK_BYTES);

interface Subkeys {
  readonly k1: Uint8Array;
  readonly k2: Uint8Array;
}

/** Saves a third of the time of a second CMAC under the same key; an entry goes with its key. */
const subkeysByKey = new WeakMap<Aes128Key, Subkeys>();

/**
 * AES-CMAC of a message of any length: 16 bytes (RFC 4493 §2.4). A MIC is its first four.
 *
 * CBC encryption with a zero IV is steps 5 and 6 of the clause; its last block is the result.
 */
export function aesCmac(key: Aes128Key, message: Uint8Array): Uint8Array {
  const blockCount = Math.max(1, Math.ceil(message.length / BLOCK_BYTES));
  const padded = new Uint8Array(blockCount * BLOCK_BYTES);
  padded.set(message);

  const cipher = createCipheriv("aes-128-cbc", key, ZERO_BLOCK);
  let subkeys = subkeysByKey.get(key);
  if (subkeys === undefined) {
    // A second cipher object for L = AES(0) would cost more than the encryption: this one gives L,
    // and adding L to the first block of the message takes it out of the chain again.
    const l = cipher.update(ZERO_BLOCK);
    xorInto(padded, l, 0);
    subkeys = makeSubkeys(l);
    subkeysByKey.set(key, subkeys);
  }
  if (padded.length === message.length) {
    xorInto(padded, subkeys.k1, padded.length - BLOCK_BYTES);
  } else {
    padded[message.length] = (padded[message.length] as number) ^ 0x80;
    xorInto(padded, subkeys.k2, padded.length - BLOCK_BYTES);
  }
  return new Uint8Array(cipher.update(padded).subarray(-BLOCK_BYTES));
}

/** K1 and K2 from L = AES(0) (RFC 4493 §2.3). */
function makeSubkeys(l: Uint8Array): Subkeys {
  const k1 = doubleBlock(l);
  return { k1, k2: doubleBlock(k1) };
}
