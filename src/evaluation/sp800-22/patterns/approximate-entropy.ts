import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";
import { upperIncompleteGamma } from "../special-functions.ts";
import { countPatterns, countsOfShorterPatterns } from "./pattern-counts.ts";

export interface ApproximateEntropyResult {
  /** ApEn(m) in nats; ln 2 is as irregular as it gets. */
  readonly approximateEntropy: number;
  readonly chiSquare: number;
  readonly p: number;
}

/**
 * Approximate entropy test, SP 800-22 section 2.12: how much less often the patterns of m + 1 bits stand in
 * the sequence than those of m bits. Recommended: m < floor(log2 n) - 5.
 *
 * @param patternLength m
 * @throws WarrenError `value-out-of-range` if m is below 1, above 23 or above n - 1
 */
export function approximateEntropy(
  sequence: BitSequence,
  patternLength: number,
): ApproximateEntropyResult {
  requireWithin("pattern length m", patternLength, { from: 1 });
  const longer = countPatterns(sequence, patternLength + 1);
  const n = sequence.length;
  const entropy = phi(countsOfShorterPatterns(longer), n) - phi(longer, n);
  // Rounding may leave a sequence of the highest entropy just above it.
  const chiSquare = Math.max(2 * n * (Math.LN2 - entropy), 0);
  const p = upperIncompleteGamma(2 ** (patternLength - 1), chiSquare / 2);
  return { approximateEntropy: entropy, chiSquare, p };
}

/** The sum of C ln C over the relative frequencies C of the patterns. */
function phi(counts: Int32Array, n: number): number {
  let sum = 0;
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const frequency = (counts[pattern] ?? 0) / n;
    if (frequency > 0) sum += frequency * Math.log(frequency);
  }
  return sum;
}
