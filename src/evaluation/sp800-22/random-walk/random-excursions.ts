import type { BitSequence } from "../bit-sequence.ts";
import { type ChiSquareResult, chiSquareOfClasses } from "../chi-square.ts";
import { requireWithin } from "../limits.ts";
import { walkCycles } from "./cycles.ts";

export const EXCURSION_STATES = [-4, -3, -2, -1, 1, 2, 3, 4];

export interface RandomExcursionsResult {
  /** J. */
  readonly cycles: number;
  /** False if there are too few cycles for chi-square; the p-values are then of no use. */
  readonly isApplicable: boolean;
  /** In the order of `EXCURSION_STATES`. */
  readonly states: readonly ExcursionState[];
}

export interface ExcursionState extends ChiSquareResult {
  readonly x: number;
  /** Cycles that visit x 0, 1, 2, 3, 4, and 5 or more times. */
  readonly visitCounts: readonly number[];
}

/**
 * pi_0(x) ... pi_5(x): the probability that a cycle visits x so many times, section 3.14.
 *
 * @param x not 0; only how far it is from 0 matters
 * @throws WarrenError `value-out-of-range` if it is 0 or not a whole number
 */
export function visitProbabilities(x: number): number[] {
  requireWithin("distance of state x", Math.abs(x), { from: 1 });
  const reach = 1 / (2 * Math.abs(x));
  const again = 1 - reach;
  const between = [0, 1, 2, 3].map((k) => reach * reach * again ** k);
  return [again, ...between, reach * again ** 4];
}

/**
 * Random excursions test, SP 800-22 section 2.14: how often the cycles of the random walk visit each of
 * eight states. Recommended: n >= 10^6.
 *
 * @param probabilitiesOf default: the exact ones; the standard's own examples use four digits
 * @throws WarrenError `value-out-of-range` for an empty sequence
 */
export function randomExcursions(
  sequence: BitSequence,
  probabilitiesOf = visitProbabilities,
): RandomExcursionsResult {
  const cycles = walkCycles(sequence);
  const states = EXCURSION_STATES.map((x) => {
    const visitCounts = cycles.cyclesByVisits(x);
    return { x, visitCounts, ...chiSquareOfClasses(visitCounts, probabilitiesOf(x)) };
  });
  return { cycles: cycles.count, isApplicable: cycles.areEnough, states };
}
