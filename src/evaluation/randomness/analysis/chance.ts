import { ALPHA } from "./proportion.ts";

/**
 * The probability that a test fails by its proportion although every sequence is random: the sum of the
 * binomial distribution (m sequences, each passing with 1 - alpha) over the counts that `fails` names.
 */
export function probabilityByChance(
  sequences: number,
  fails: (passed: number, sequences: number) => boolean,
): number {
  let total = 0;
  // Of as many failing sequences; the first of them is all passing.
  let probability = (1 - ALPHA) ** sequences;
  for (let failing = 0; failing <= sequences; failing++) {
    if (fails(sequences - failing, sequences)) {
      total += probability;
    }
    probability *= ((sequences - failing) / (failing + 1)) * (ALPHA / (1 - ALPHA));
  }
  return total;
}

/**
 * The probability of `count` or more events of independent ones (the Poisson binomial distribution, by adding
 * one event after another).
 *
 * @param probabilities of each event
 */
export function probabilityOfAtLeast(count: number, probabilities: readonly number[]): number {
  // Index: how many events so far; the last one stands for `count` and all above.
  let distribution = [1, ...new Array<number>(count).fill(0)];
  for (const probability of probabilities) {
    distribution = distribution.map((stays, index) => {
      const comes = index === 0 ? 0 : (distribution[index - 1] as number) * probability;
      return comes + (index === count ? stays : stays * (1 - probability));
    });
  }
  return distribution[count] as number;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
