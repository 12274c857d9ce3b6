import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";
import { complementaryErrorFunction } from "../special-functions.ts";
import { squaredModuli } from "./squared-moduli.ts";

export interface DiscreteFourierTransformResult {
  /** T: 95 % of the peaks of a random sequence are lower. */
  readonly threshold: number;
  /** N_0: peaks below the threshold to be expected. */
  readonly expectedBelow: number;
  /** N_1: peaks below the threshold. */
  readonly below: number;
  /** d: their difference in standard deviations. */
  readonly difference: number;
  readonly p: number;
}

/** ln(1 / 0.05), with the digits of STS. */
const LOG_20 = 2.995732274;

/**
 * Discrete Fourier transform (spectral) test, SP 800-22 section 2.6: are there too many or too few high peaks,
 * which come from repetition. As in STS the peaks are the moduli 0 ... floor(n / 2) - 1, the one of frequency
 * zero among them. Recommended: n >= 1000.
 *
 * @throws WarrenError `value-out-of-range` for fewer than two bits
 */
export function discreteFourierTransform({ bits }: BitSequence): DiscreteFourierTransformResult {
  const n = bits.length;
  requireWithin("sequence length", n, { from: 2 });
  const squaredThreshold = LOG_20 * n;
  const squares = squaredModuli(bits);
  let below = 0;
  for (let k = 0; k < squares.length; k++) if ((squares[k] ?? 0) < squaredThreshold) below++;
  const expectedBelow = (0.95 * n) / 2;
  const difference = (below - expectedBelow) / Math.sqrt((n * 0.95 * 0.05) / 4);
  return {
    threshold: Math.sqrt(squaredThreshold),
    expectedBelow,
    below,
    difference,
    p: complementaryErrorFunction(Math.abs(difference) / Math.SQRT2),
  };
}
