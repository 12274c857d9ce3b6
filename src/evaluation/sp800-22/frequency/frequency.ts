import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";
import { complementaryErrorFunction } from "../special-functions.ts";

export interface FrequencyResult {
  readonly ones: number;
  /** S_n: ones less zeros. */
  readonly sum: number;
  /** s_obs: |S_n| / sqrt(n). */
  readonly statistic: number;
  readonly p: number;
}

/**
 * Frequency (monobit) test, SP 800-22 section 2.1: are there about as many ones as zeros. Recommended: n >= 100.
 *
 * @throws WarrenError `value-out-of-range` for an empty sequence
 */
export function frequency({ bits }: BitSequence): FrequencyResult {
  requireWithin("sequence length", bits.length, { from: 1 });
  let ones = 0;
  for (let i = 0; i < bits.length; i++) ones += bits[i] ?? 0;
  const sum = 2 * ones - bits.length;
  const statistic = Math.abs(sum) / Math.sqrt(bits.length);
  return { ones, sum, statistic, p: complementaryErrorFunction(statistic / Math.SQRT2) };
}
