import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";
import { upperIncompleteGamma } from "../special-functions.ts";
import { countPatterns, countsOfShorterPatterns } from "./pattern-counts.ts";

export interface SerialResult {
  /** Counts of the patterns of m, m - 1 and m - 2 bits; a pattern read as a number is the index. */
  readonly counts: readonly [Int32Array, Int32Array, Int32Array];
  /** psi^2 of m, m - 1 and m - 2. */
  readonly psiSquares: readonly [number, number, number];
  /** The first difference of psi^2 and its p-value. */
  readonly first: SerialDifference;
  /** The second difference of psi^2 and its p-value. */
  readonly second: SerialDifference;
}

export interface SerialDifference {
  readonly difference: number;
  readonly p: number;
}

/**
 * Serial test, SP 800-22 section 2.11: are all patterns of m bits about equally frequent. Recommended:
 * m < floor(log2 n) - 2.
 *
 * @param patternLength m
 * @throws WarrenError `value-out-of-range` if m is below 2, above 24 or above n
 */
export function serial(sequence: BitSequence, patternLength: number): SerialResult {
  requireWithin("pattern length m", patternLength, { from: 2 });
  const m0 = countPatterns(sequence, patternLength);
  const m1 = countsOfShorterPatterns(m0);
  const m2 = countsOfShorterPatterns(m1);
  const n = sequence.length;
  const psi0 = psiSquare(m0, n);
  const psi1 = psiSquare(m1, n);
  const psi2 = psiSquare(m2, n);
  const difference = psi0 - psi1;
  const secondDifference = psi0 - 2 * psi1 + psi2;
  return {
    counts: [m0, m1, m2],
    psiSquares: [psi0, psi1, psi2],
    first: { difference, p: upperIncompleteGamma(m0.length / 4, difference / 2) },
    second: {
      difference: secondDifference,
      p: upperIncompleteGamma(m0.length / 8, secondDifference / 2),
    },
  };
}

/** Of patterns of no bits it is zero: one count of n. */
function psiSquare(counts: Int32Array, n: number): number {
  let sumOfSquares = 0;
  for (let pattern = 0; pattern < counts.length; pattern++)
    sumOfSquares += (counts[pattern] ?? 0) ** 2;
  return (counts.length / n) * sumOfSquares - n;
}
