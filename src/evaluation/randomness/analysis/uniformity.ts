import { equalFrequencies } from "../../equal-frequencies.ts";

export const BINS = 10;
/** P-values are taken as uniform if the P-value of their distribution is not below it (section 4.2.2). */
export const UNIFORMITY_LEVEL = 0.0001;
/** Fewer sequences tell nothing about uniformity (section 4.2.2). */
const FEWEST_FOR_UNIFORMITY = 55;

/** How many P-values are in each tenth of 0 to 1; a P-value of 1 is in the last one. */
export function countInBins(pValues: readonly number[]): number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const p of pValues) {
    const bin = Math.min(Math.floor(p * BINS), BINS - 1);
    bins[bin] = (bins[bin] as number) + 1;
  }
  return bins;
}

/**
 * P-value_T of SP 800-22, section 4.2.2: of chi-square with nine degrees of freedom over the ten bins,
 * igamc(9/2, χ²/2). STS 2.1.2 expects the whole part of a tenth of the sequences in a bin; this is the formula
 * of the standard, which differs from it where their number is no multiple of ten.
 *
 * @returns null for fewer than 55 P-values
 */
export function uniformityPValue(bins: readonly number[]): number | null {
  const sequences = bins.reduce((sum, count) => sum + count, 0);
  if (sequences < FEWEST_FOR_UNIFORMITY) {
    return null;
  }
  return equalFrequencies(bins).pValue;
}
