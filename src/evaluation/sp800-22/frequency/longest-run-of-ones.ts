import type { BitSequence } from "../bit-sequence.ts";
import { type ChiSquareResult, chiSquareOfClasses } from "../chi-square.ts";
import { requireWithin } from "../limits.ts";

export interface LongestRunParameters {
  /** M, in bits. */
  readonly blockLength: number;
  /** The first class has every run up to this length, the next one each length by itself. */
  readonly shortest: number;
  /** pi_0 ... pi_K; the last class has every longer run. */
  readonly probabilities: readonly number[];
}

export interface LongestRunResult extends ChiSquareResult {
  /** N; the bits after the last whole block are not used. */
  readonly blocks: number;
  /** v_0 ... v_K: blocks by the length of their longest run of ones. */
  readonly counts: readonly number[];
}

/** Exact for M = 8 (they are multiples of 2^-8), section 3.4 and STS 2.1.2. */
const SHORT_BLOCKS: LongestRunParameters = {
  blockLength: 8,
  shortest: 1,
  probabilities: [0.21484375, 0.3671875, 0.23046875, 0.1875],
};
/** The ten digits of STS 2.1.2; section 3.4 prints four. */
const MEDIUM_BLOCKS: LongestRunParameters = {
  blockLength: 128,
  shortest: 4,
  probabilities: [0.1174035788, 0.242955959, 0.249363483, 0.17517706, 0.102701071, 0.112398847],
};
/** Section 3.4 and STS 2.1.2; rounded, and the first and the last by more than that. */
const LONG_BLOCKS: LongestRunParameters = {
  blockLength: 10_000,
  shortest: 10,
  probabilities: [0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727],
};
const MINIMUM_LENGTH_BITS = 128;
const MEDIUM_FROM_BITS = 6272;
const LONG_FROM_BITS = 750_000;

/**
 * The block length and the classes for so many bits, section 2.4.2.
 *
 * @throws WarrenError `value-out-of-range` below 128 bits
 */
export function longestRunParameters(lengthBits: number): LongestRunParameters {
  requireWithin("sequence length", lengthBits, { from: MINIMUM_LENGTH_BITS });
  if (lengthBits < MEDIUM_FROM_BITS) return SHORT_BLOCKS;
  return lengthBits < LONG_FROM_BITS ? MEDIUM_BLOCKS : LONG_BLOCKS;
}

/**
 * Test for the longest run of ones in a block, SP 800-22 section 2.4. As in STS every whole block counts,
 * not only the 16, 49 or 75 of section 2.4.4. Required: n >= 128.
 *
 * @param parameters default: those of the standard for n
 * @throws WarrenError `value-out-of-range` if the sequence has fewer than 128 bits or not one block
 */
export function longestRunOfOnes(
  { bits }: BitSequence,
  parameters = longestRunParameters(bits.length),
): LongestRunResult {
  const { blockLength, shortest, probabilities } = parameters;
  requireWithin("block length M", blockLength, { from: 1, to: bits.length });
  const blocks = Math.floor(bits.length / blockLength);
  const counts = probabilities.map(() => 0);
  for (let block = 0; block < blocks; block++) {
    const longest = longestRun(bits.subarray(block * blockLength, (block + 1) * blockLength));
    const chosen = Math.min(Math.max(longest - shortest, 0), counts.length - 1);
    counts[chosen] = (counts[chosen] ?? 0) + 1;
  }
  return { blocks, counts, ...chiSquareOfClasses(counts, probabilities) };
}

function longestRun(bits: Uint8Array): number {
  let longest = 0;
  let current = 0;
  for (let i = 0; i < bits.length; i++) {
    current = bits[i] === 1 ? current + 1 : 0;
    if (current > longest) longest = current;
  }
  return longest;
}
