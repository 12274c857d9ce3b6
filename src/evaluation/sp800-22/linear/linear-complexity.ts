import type { BitSequence } from "../bit-sequence.ts";
import { type ChiSquareResult, chiSquareOfClasses } from "../chi-square.ts";
import { requireWithin } from "../limits.ts";
import { linearComplexityOf } from "./berlekamp-massey.ts";

export interface LinearComplexityResult extends ChiSquareResult {
  /** N; the bits after the last whole block are not used. */
  readonly blocks: number;
  /** mu: the linear complexity to be expected of a block. */
  readonly mean: number;
  /** v_0 ... v_6: blocks by T, how far their complexity is from the mean, in steps of one from -2.5 on. */
  readonly counts: readonly number[];
}

/** Section 2.10 and STS; the first should be 1/96 = 0.010417, the last is 1/48. */
const STS_PROBABILITIES = [0.01047, 0.03125, 0.125, 0.5, 0.25, 0.0625, 0.020833];

/**
 * Linear complexity test, SP 800-22 section 2.10: is the shortest feedback shift register of each block
 * about as long as it should be. Required: n >= 10^6, 500 <= M <= 5000, N >= 200.
 *
 * @param blockLength M, in bits
 * @param probabilities pi_0 ... pi_6; default: those of the standard and of STS
 * @throws WarrenError `value-out-of-range` if M is below 1 or above n
 */
export function linearComplexity(
  { bits }: BitSequence,
  blockLength: number,
  probabilities: readonly number[] = STS_PROBABILITIES,
): LinearComplexityResult {
  requireWithin("block length M", blockLength, { from: 1, to: bits.length });
  const blocks = Math.floor(bits.length / blockLength);
  const mean = meanComplexity(blockLength);
  const sign = blockLength % 2 === 0 ? 1 : -1;
  const counts = STS_PROBABILITIES.map(() => 0);
  for (let block = 0; block < blocks; block++) {
    const ofBlock = bits.subarray(block * blockLength, (block + 1) * blockLength);
    const t = sign * (linearComplexityOf(ofBlock) - mean) + 2 / 9;
    // T <= -2.5 is class 0, -2.5 < T <= -1.5 class 1, and T > 2.5 class 6.
    const chosen = Math.min(Math.max(Math.ceil(t + 2.5), 0), counts.length - 1);
    counts[chosen] = (counts[chosen] ?? 0) + 1;
  }
  return { blocks, mean, counts, ...chiSquareOfClasses(counts, probabilities) };
}

/** mu of section 2.10.4 (3). */
function meanComplexity(M: number): number {
  const parity = M % 2 === 0 ? -1 : 1;
  return M / 2 + (9 + parity) / 36 - (M / 3 + 2 / 9) / 2 ** M;
}
