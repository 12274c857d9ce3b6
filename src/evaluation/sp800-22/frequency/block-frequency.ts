import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";
import { upperIncompleteGamma } from "../special-functions.ts";

export interface BlockFrequencyResult {
  /** N; the bits after the last whole block are not used. */
  readonly blocks: number;
  readonly chiSquare: number;
  readonly p: number;
}

/**
 * Frequency test within a block, SP 800-22 section 2.2: is about half of every block ones. Recommended:
 * n >= 100, M >= 20, M > 0.01 n, fewer than 100 blocks; STS takes M = 128 for every n.
 *
 * @param blockLength M, in bits
 * @throws WarrenError `value-out-of-range` if M is below 1 or above n
 */
export function blockFrequency({ bits }: BitSequence, blockLength: number): BlockFrequencyResult {
  requireWithin("block length M", blockLength, { from: 1, to: bits.length });
  const blocks = Math.floor(bits.length / blockLength);
  let sumOfSquares = 0;
  for (let block = 0; block < blocks; block++) {
    let ones = 0;
    const end = (block + 1) * blockLength;
    for (let i = block * blockLength; i < end; i++) ones += bits[i] ?? 0;
    sumOfSquares += (ones / blockLength - 0.5) ** 2;
  }
  const chiSquare = 4 * blockLength * sumOfSquares;
  return { blocks, chiSquare, p: upperIncompleteGamma(blocks / 2, chiSquare / 2) };
}
