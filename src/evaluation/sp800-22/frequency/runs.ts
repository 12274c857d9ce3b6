import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";
import { complementaryErrorFunction } from "../special-functions.ts";

export interface RunsResult {
  /** V_n(obs): runs of equal bits. */
  readonly runs: number;
  /** pi: the share of ones. */
  readonly ones: number;
  /** False if the share of ones is so far off that the test is not carried out. */
  readonly isApplicable: boolean;
  /** 0 if the test is not applicable, as the standard wants it. */
  readonly p: number;
}

/**
 * Runs test, SP 800-22 section 2.3: do the bits change about as often as they should, given how many ones
 * there are. Recommended: n >= 100.
 *
 * @throws WarrenError `value-out-of-range` for an empty sequence
 */
export function runs({ bits }: BitSequence): RunsResult {
  const n = bits.length;
  requireWithin("sequence length", n, { from: 1 });
  let count = 0;
  let changes = 0;
  let last = bits[0] ?? 0;
  for (let i = 0; i < n; i++) {
    const bit = bits[i] ?? 0;
    count += bit;
    changes += bit ^ last;
    last = bit;
  }
  const ones = count / n;
  // |pi - 1/2| < 2 / sqrt(n), in whole numbers: rounding would tell a sequence on the bound from its complement.
  const isApplicable = (2 * count - n) ** 2 < 16 * n;
  // A short sequence of equal bits is applicable by this bound, and has a variance of zero.
  const expected = 2 * n * ones * (1 - ones);
  const deviation = 2 * Math.sqrt(2 * n) * ones * (1 - ones);
  const p =
    isApplicable && deviation > 0
      ? complementaryErrorFunction(Math.abs(changes + 1 - expected) / deviation)
      : 0;
  return { runs: changes + 1, ones, isApplicable, p };
}
