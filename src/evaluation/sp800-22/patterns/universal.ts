import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";
import { complementaryErrorFunction } from "../special-functions.ts";

export interface UniversalParameters {
  /** L, in bits. */
  readonly blockLength: number;
  /** Q: blocks that only fill the table. */
  readonly initialBlocks: number;
}

export interface UniversalResult {
  /** K: blocks after the first Q. */
  readonly testBlocks: number;
  /** Of log2 of the distance to the last equal block, over the K blocks. */
  readonly sum: number;
  /** f_n: sum / K. */
  readonly statistic: number;
  readonly expectedValue: number;
  readonly variance: number;
  /** c sqrt(variance / K). */
  readonly sigma: number;
  readonly p: number;
}

/** For L = 1 the approximation of sigma is below zero. */
const SHORTEST_BLOCK = 2;
const LONGEST_BLOCK = 16;
/** L = 2 ... 16: from 6 on section 2.9.4 (5), all in table 5.3 of the Handbook of Applied Cryptography. */
const EXPECTED_VALUES = [
  1.5374383, 2.4016068, 3.3112247, 4.2534266, 5.2177052, 6.1962507, 7.1836656, 8.1764248, 9.1723243,
  10.170032, 11.168765, 12.16807, 13.167693, 14.167488, 15.167379,
];
const VARIANCES = [
  1.338, 1.901, 2.358, 2.705, 2.954, 3.125, 3.238, 3.311, 3.356, 3.384, 3.401, 3.41, 3.416, 3.419,
  3.421,
];

/** The smallest n for L = 6 ... 16, section 2.9.7. */
const SHORTEST_LENGTHS_BITS = [
  387_840, 904_960, 2_068_480, 4_654_080, 10_342_400, 22_753_280, 49_643_520, 107_560_960,
  231_669_760, 496_435_200, 1_059_061_760,
];
/** L for the first of them. */
const SHORTEST_RECOMMENDED_BLOCK = 6;

/**
 * L and Q = 10 * 2^L for so many bits, section 2.9.7.
 *
 * @throws WarrenError `value-out-of-range` below 387,840 bits
 */
export function universalParameters(lengthBits: number): UniversalParameters {
  requireWithin("sequence length", lengthBits, { from: SHORTEST_LENGTHS_BITS[0] ?? 0 });
  const steps = SHORTEST_LENGTHS_BITS.filter((shortest) => shortest <= lengthBits).length;
  const blockLength = SHORTEST_RECOMMENDED_BLOCK + steps - 1;
  return { blockLength, initialBlocks: 10 * 2 ** blockLength };
}

/**
 * Maurer's universal statistical test, SP 800-22 section 2.9: how far back each block stood last, which is
 * small for a sequence that can be compressed.
 *
 * @param parameters default: those of the standard for n, which start at 387,840 bits; Q is recommended to
 *   be 10 * 2^L and K about 1000 * 2^L
 * @throws WarrenError `value-out-of-range` if L is not 2 to 16, Q is below 1 or no block is left after Q
 */
export function universal(
  { bits }: BitSequence,
  parameters = universalParameters(bits.length),
): UniversalResult {
  const { blockLength: L, initialBlocks: Q } = parameters;
  requireWithin("block length L", L, { from: SHORTEST_BLOCK, to: LONGEST_BLOCK });
  requireWithin("initial blocks Q", Q, { from: 1 });
  const K = Math.floor(bits.length / L) - Q;
  requireWithin("test blocks K", K, { from: 1 });
  const sum = sumOfLogDistances(bits, L, { from: Q, to: Q + K });
  const statistic = sum / K;
  const expectedValue = EXPECTED_VALUES[L - SHORTEST_BLOCK] ?? 0;
  const variance = VARIANCES[L - SHORTEST_BLOCK] ?? 0;
  const c = 0.7 - 0.8 / L + ((4 + 32 / L) * K ** (-3 / L)) / 15;
  const sigma = c * Math.sqrt(variance / K);
  const p = complementaryErrorFunction(Math.abs(statistic - expectedValue) / (Math.SQRT2 * sigma));
  return { testBlocks: K, sum, statistic, expectedValue, variance, sigma, p };
}

/** A block that was never seen counts from the block before the first one, as in STS. */
function sumOfLogDistances(
  bits: Uint8Array,
  blockLength: number,
  { from, to }: { from: number; to: number },
): number {
  const lastSeen = new Int32Array(2 ** blockLength);
  let sum = 0;
  let i = 0;
  for (let block = 1; block <= to; block++) {
    let value = 0;
    for (const end = i + blockLength; i < end; i++) value = (value << 1) | (bits[i] ?? 0);
    if (block > from) sum += Math.log2(block - (lastSeen[value] ?? 0));
    lastSeen[value] = block;
  }
  return sum;
}
