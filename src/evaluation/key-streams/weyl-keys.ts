import { KEY_BYTES, type KeyStream, type KeyStreamOptions } from "./key-stream.ts";

/** 2^128 divided by the golden ratio, the odd number next to it, as four words from the highest. */
const MULTIPLIER = [0x9e3779b9, 0x7f4a7c15, 0xf39cc060, 0x5cedc835] as const;
const MULTIPLIER_INTEGER = 0x9e3779b97f4a7c15f39cc0605cedc835n;

/**
 * A Weyl sequence: key i = i × an odd constant mod 2^128, big-endian. There is no secret in it at all.
 * Sequence s begins at i = s × 2^32 + 1.
 */
export function openWeylKeys({ sequence = 0 }: KeyStreamOptions): KeyStream {
  const words = new DataView(new ArrayBuffer(KEY_BYTES));
  const before = (BigInt(sequence) << 32n) * MULTIPLIER_INTEGER;
  words.setBigUint64(0, BigInt.asUintN(64, before >> 64n));
  words.setBigUint64(8, BigInt.asUintN(64, before));
  return {
    next: () => {
      let carry = 0;
      for (let word = MULTIPLIER.length - 1; word >= 0; word--) {
        const sum = words.getUint32(4 * word) + (MULTIPLIER[word] as number) + carry;
        words.setUint32(4 * word, sum);
        carry = sum >= 2 ** 32 ? 1 : 0;
      }
      return new Uint8Array(words.buffer.slice(0));
    },
  };
}
