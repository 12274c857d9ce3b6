import { WarrenError } from "../../errors.ts";
import { upperIncompleteGamma } from "./special-functions.ts";

export interface ChiSquareResult {
  readonly chiSquare: number;
  readonly p: number;
}

/**
 * How well counted classes fit their probabilities: the sum of (count - N p)^2 / (N p) with N the sum of the
 * counts, and igamc(K / 2, chi-square / 2) with K one less than there are classes.
 *
 * @param counts v_0 ... v_K
 * @param probabilities pi_0 ... pi_K
 * @throws WarrenError `value-out-of-range` if there are not as many of the one as of the other, or if a
 *   probability is not above zero
 */
export function chiSquareOfClasses(
  counts: readonly number[],
  probabilities: readonly number[],
): ChiSquareResult {
  if (probabilities.length !== counts.length || !probabilities.every((p) => p > 0 && p <= 1)) {
    throw new WarrenError(
      "value-out-of-range",
      `${counts.length} probabilities above 0 are needed, one for each class`,
    );
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  let chiSquare = 0;
  probabilities.forEach((probability, i) => {
    const expected = total * probability;
    chiSquare += ((counts[i] ?? 0) - expected) ** 2 / expected;
  });
  return { chiSquare, p: upperIncompleteGamma((counts.length - 1) / 2, chiSquare / 2) };
}
