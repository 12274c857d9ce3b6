import type { BitSequence } from "./bit-sequence.ts";
import { RANDOMNESS_TESTS } from "./tests.ts";

export interface PValue {
  /** Of the test in `RANDOMNESS_TESTS`. */
  readonly test: string;
  /** Which of the p-values of the test; empty if it has only one. */
  readonly variant: string;
  /** 0 to 1; null if the test does not apply to the sequence. */
  readonly p: number | null;
}

/**
 * The 188 p-values that STS 2.1.2 gives for one sequence, in its order. Random excursions and their variant
 * apply only to sequences of enough cycles.
 *
 * @param sequence at least 387,840 bits (the universal test); STS's parameters are meant for 10^6
 * @throws WarrenError `value-out-of-range` if it is shorter
 */
export function runAllTests(sequence: BitSequence): readonly PValue[] {
  return RANDOMNESS_TESTS.flatMap((test) => {
    const pValues = test.pValues(sequence);
    return test.variants.map((variant, i) => ({ test: test.id, variant, p: pValues[i] ?? null }));
  });
}
