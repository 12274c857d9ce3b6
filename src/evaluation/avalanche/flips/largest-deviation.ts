import { bdtr, compiled, ndtri } from "cephes";
import { standardNormal } from "../../sp800-22/special-functions.ts";

await compiled;

/** The farthest of many values from what is expected of it, and how far that is by chance alone. */
export interface LargestDeviation {
  /** In standard errors. */
  readonly largest: number;
  /** The median of the largest of so many. */
  readonly expected: number;
  /** The probability that the largest of so many is as large or larger. */
  readonly pValue: number;
}

/**
 * Of `cells` counts of `trials` tosses of a fair coin, from the exact binomial distribution.
 *
 * @param deviation the largest |count - trials / 2|
 */
export function largestCoinDeviation(
  deviation: number,
  trials: number,
  cells: number,
): LargestDeviation {
  const probabilityOf = (distance: number) => {
    const successes = Math.floor(trials / 2 - distance);
    return largestOf(cells, successes < 0 ? 0 : 2 * bdtr(successes, trials, 0.5));
  };
  let median = (trials % 2) / 2;
  while (probabilityOf(median + 1) > 0.5) median++;
  const standardError = Math.sqrt(trials) / 2;
  return {
    largest: deviation / standardError,
    expected: median / standardError,
    pValue: probabilityOf(deviation),
  };
}

/**
 * Of `count` values that are normally distributed with mean 0 and standard deviation 1.
 *
 * @param largest the largest absolute value
 */
export function largestNormalDeviation(largest: number, count: number): LargestDeviation {
  const tailOfMedian = -Math.expm1(Math.log(0.5) / count) / 2;
  return {
    largest,
    expected: -ndtri(tailOfMedian),
    pValue: largestOf(count, 2 * standardNormal(-largest)),
  };
}

/** The probability that at least one of `count` independent events of probability `tail` happens. */
function largestOf(count: number, tail: number): number {
  return -Math.expm1(count * Math.log1p(-Math.min(tail, 1)));
}
