import type { EqualFrequencies } from "../equal-frequencies.ts";
import {
  IDEAL_DENSITY,
  IDEAL_MEAN,
  IDEAL_STANDARD_DEVIATION,
  standardErrorOfDensity,
  standardErrorOfDeviation,
  standardErrorOfMean,
} from "./ideal.ts";
import type { OctetSeries } from "./measure.ts";
import type { OctetStatistics } from "./octet-statistics.ts";

/**
 * Of 32 values of the figure, 16 means and 16 standard deviations, one of independent uniform octets is
 * farther off than this once in 50,000 figures. There are some fifty figures in a report, and none of them is to
 * be called wrong by chance.
 */
export const MOST_STANDARD_ERRORS = 5;
/**
 * The same for the 256 values of the densities that are drawn: once in 200,000 figures of 1,000 keys, by the
 * binomial distribution, whose upper end is heavier than that of the normal one.
 */
export const MOST_DENSITY_ERRORS = 6;
/** The root mean square of the 32 values of the figure is about 1; below this once in 200,000 figures. */
export const LEAST_MEAN_ERRORS = 0.5;
/**
 * Of all the chi-squares of a sample together: so rarely is one that is right rejected. There are some fifty
 * samples in a report, and none of them is to be called wrong by chance.
 */
export const SIGNIFICANCE = 1e-5;

/** What Figure 7 and the tests that it lacks say of keys. */
export interface Verdicts {
  /** The greatest deviation of a mean or standard deviation from the ideal, in standard errors. */
  readonly standardErrors: number;
  /** Root mean square of the deviations of all means and standard deviations, in standard errors. */
  readonly meanErrors: number;
  readonly looksUniform: boolean;
  /** Means and standard deviations are nearer to the ideal than chance brings them. */
  readonly looksTooEven: boolean;
  /** The smallest two-sided p-value of 16 octets and of all together, times their number; at most 1. */
  readonly chiSquareSignificance: number;
  readonly isSeenByChiSquare: boolean;
  readonly isSeenByRepeats: boolean;
}

export function verdictsOf({ keys, octets, pooled, distinctKeys }: OctetStatistics): Verdicts {
  const errors = octets.flatMap(({ mean, standardDeviation }) => [
    Math.abs(mean - IDEAL_MEAN) / standardErrorOfMean(keys),
    Math.abs(standardDeviation - IDEAL_STANDARD_DEVIATION) / standardErrorOfDeviation(keys),
  ]);
  const standardErrors = Math.max(...errors);
  const meanErrors = Math.hypot(...errors) / Math.sqrt(errors.length);
  const densityErrors = Math.max(
    ...octets.flatMap(({ density }) =>
      density.map((value) => Math.abs(value - IDEAL_DENSITY) / standardErrorOfDensity(keys)),
    ),
  );
  const tests = [...octets, pooled].map(twoSided);
  const chiSquareSignificance = Math.min(1, tests.length * Math.min(...tests));
  return {
    standardErrors,
    meanErrors,
    looksUniform: standardErrors <= MOST_STANDARD_ERRORS && densityErrors <= MOST_DENSITY_ERRORS,
    looksTooEven: meanErrors < LEAST_MEAN_ERRORS,
    chiSquareSignificance,
    isSeenByChiSquare: chiSquareSignificance < SIGNIFICANCE,
    // Keys of 128 bits: even of 2^21, two are the same with a probability of 2^-87.
    isSeenByRepeats: distinctKeys < keys,
  };
}

/** Too even is as wrong as too uneven. */
function twoSided({ pValue }: EqualFrequencies): number {
  return 2 * Math.min(pValue, 1 - pValue);
}

/** Of the first keys, as many as the paper has. */
export function firstSample({ samples }: OctetSeries): OctetStatistics {
  return samples[0] as OctetStatistics;
}

/** How many keys every one of the series has a sample of, from the fewest. */
export function commonSizes(series: readonly OctetSeries[]): number[] {
  const [first, ...others] = series.map(({ samples }) => samples.map(({ keys }) => keys));
  return (first ?? []).filter((size) => others.every((sizes) => sizes.includes(size)));
}

/** @param keys one of `commonSizes` */
export function sampleOf({ samples }: OctetSeries, keys: number): OctetStatistics {
  return samples.find((sample) => sample.keys === keys) as OctetStatistics;
}

export function largestSample({ samples }: OctetSeries): OctetStatistics {
  return samples.at(-1) as OctetStatistics;
}

/** `rabbit, counter: NwkKey'`. */
export function nameOf({ label, key }: Pick<OctetSeries, "label" | "key">): string {
  return key === null ? label : `${label}: ${key}`;
}

export function isWeak({ kind }: OctetSeries): boolean {
  return kind === "weak";
}

/** Derived by a suite. */
export function isDerived({ kind }: OctetSeries): boolean {
  return kind === "counter" || kind === "ratchet";
}
