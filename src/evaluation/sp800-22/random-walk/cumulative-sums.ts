import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";
import { standardNormal } from "../special-functions.ts";

export interface CumulativeSumsResult {
  /** z of mode 0: the farthest the walk from the first bit on gets from its start. */
  readonly forward: CumulativeSum;
  /** z of mode 1: the same of the walk from the last bit on. */
  readonly backward: CumulativeSum;
}

export interface CumulativeSum {
  readonly z: number;
  readonly p: number;
}

/**
 * Cumulative sums test, SP 800-22 section 2.13: how far the walk strays in which a one is a step up and a
 * zero a step down. Recommended: n >= 100.
 *
 * @throws WarrenError `value-out-of-range` for an empty sequence
 */
export function cumulativeSums({ bits }: BitSequence): CumulativeSumsResult {
  const n = bits.length;
  requireWithin("sequence length", n, { from: 1 });
  let sum = 0;
  let lowest = 0;
  let highest = 0;
  for (let i = 0; i < bits.length; i++) {
    sum += 2 * (bits[i] ?? 0) - 1;
    if (sum > highest) highest = sum;
    else if (sum < lowest) lowest = sum;
  }
  // The backward walk is at S_n - S_k when the forward one has taken k steps.
  const forward = Math.max(highest, -lowest);
  const backward = Math.max(sum - lowest, highest - sum);
  return {
    forward: { z: forward, p: cumulativeSumsPValue(forward, n) },
    backward: { z: backward, p: cumulativeSumsPValue(backward, n) },
  };
}

/**
 * Section 2.13.4 (4). The standard does not say how the limits of its two sums become whole numbers.
 *
 * @param z at least 1
 * @param n length of the walk
 * @param toWhole default: towards zero, as STS does, and as the standard's printed example needs
 */
export function cumulativeSumsPValue(z: number, n: number, toWhole = Math.trunc): number {
  const scale = z / Math.sqrt(n);
  const turns = Math.trunc(n / z);
  const last = toWhole((turns - 1) / 4);
  let p = 1;
  for (let k = toWhole((1 - turns) / 4); k <= last; k++) {
    p -= standardNormal((4 * k + 1) * scale) - standardNormal((4 * k - 1) * scale);
  }
  for (let k = toWhole((-turns - 3) / 4); k <= last; k++) {
    p += standardNormal((4 * k + 3) * scale) - standardNormal((4 * k + 1) * scale);
  }
  // The sums alternate: rounding may leave the range of a probability.
  return Math.min(Math.max(p, 0), 1);
}
