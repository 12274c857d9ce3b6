import type { BitSequence } from "../bit-sequence.ts";
import { complementaryErrorFunction } from "../special-functions.ts";
import { walkCycles } from "./cycles.ts";

export const VARIANT_STATES = [-9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export interface RandomExcursionsVariantResult {
  /** J. */
  readonly cycles: number;
  /** False if there are too few cycles for the normal distribution; the p-values are then of no use. */
  readonly isApplicable: boolean;
  /** In the order of `VARIANT_STATES`. */
  readonly states: readonly VariantState[];
}

export interface VariantState {
  readonly x: number;
  /** xi(x). */
  readonly totalVisits: number;
  readonly p: number;
}

/**
 * Random excursions variant test, SP 800-22 section 2.15: how often the random walk visits each of eighteen
 * states in all. Recommended: n >= 10^6.
 *
 * @throws WarrenError `value-out-of-range` for an empty sequence
 */
export function randomExcursionsVariant(sequence: BitSequence): RandomExcursionsVariantResult {
  const cycles = walkCycles(sequence);
  const states = VARIANT_STATES.map((x) => {
    const totalVisits = cycles.totalVisits(x);
    const deviation = Math.sqrt(2 * cycles.count * (4 * Math.abs(x) - 2));
    const p = complementaryErrorFunction(Math.abs(totalVisits - cycles.count) / deviation);
    return { x, totalVisits, p };
  });
  return { cycles: cycles.count, isApplicable: cycles.areEnough, states };
}
