import type { BitSequence } from "../bit-sequence.ts";
import { type ChiSquareResult, chiSquareOfClasses } from "../chi-square.ts";
import { requireWithin } from "../limits.ts";

export interface OverlappingTemplateParameters {
  /** m: the template is so many ones. */
  readonly templateLength: number;
  /** M, in bits. */
  readonly blockLength: number;
  /** pi_0 ... pi_5; default: the asymptotic ones for eta, as STS computes them. */
  readonly probabilities?: readonly number[];
}

export interface OverlappingTemplateResult extends ChiSquareResult {
  /** N; the bits after the last whole block are not used. */
  readonly blocks: number;
  /** eta: half of the occurrences to be expected in a block. */
  readonly eta: number;
  /** v_0 ... v_5: blocks with 0, 1, 2, 3, 4, and 5 or more occurrences. */
  readonly counts: readonly number[];
}

/** K: the last class has so many occurrences or more. */
const MOST_OCCURRENCES = 5;
/** So that a window of m bits is a whole number below 2^31. */
const LONGEST_TEMPLATE = 30;

/**
 * Overlapping template matching test, SP 800-22 section 2.8, for the template of m ones: does it stand in
 * the blocks as often as it should, where the search goes on one bit behind each match. Recommended:
 * n >= 10^6, m = 9 or 10, M = 1032.
 *
 * @throws WarrenError `value-out-of-range` if m is not 1 to 30, or M below m or above n
 */
export function overlappingTemplate(
  { bits }: BitSequence,
  { templateLength: m, blockLength: M, probabilities }: OverlappingTemplateParameters,
): OverlappingTemplateResult {
  requireWithin("template length m", m, { from: 1, to: LONGEST_TEMPLATE });
  requireWithin("block length M", M, { from: m, to: bits.length });
  const blocks = Math.floor(bits.length / M);
  const eta = (M - m + 1) / 2 ** m / 2;
  const counts = Array.from({ length: MOST_OCCURRENCES + 1 }, () => 0);
  for (let block = 0; block < blocks; block++) {
    const occurrences = countOnes(bits.subarray(block * M, (block + 1) * M), m);
    const chosen = Math.min(occurrences, MOST_OCCURRENCES);
    counts[chosen] = (counts[chosen] ?? 0) + 1;
  }
  const expected = probabilities ?? occurrenceProbabilities(eta);
  return { blocks, eta, counts, ...chiSquareOfClasses(counts, expected) };
}

/**
 * pi_0 ... pi_5 of section 3.8: the asymptotic distribution of the occurrences in a block, a compound
 * Poisson distribution.
 *
 * @param eta half of the occurrences to be expected in a block
 */
export function occurrenceProbabilities(eta: number): number[] {
  const probabilities = [Math.exp(-eta)];
  for (let u = 1; u < MOST_OCCURRENCES; u++) {
    let sum = 0;
    // C(u - 1, l - 1) eta^l / l!, from one l to the next.
    let term = eta;
    for (let l = 1; l <= u; l++) {
      sum += term;
      term *= ((u - l) / l) * (eta / (l + 1));
    }
    probabilities.push((Math.exp(-eta) / 2 ** u) * sum);
  }
  return [...probabilities, 1 - probabilities.reduce((sum, p) => sum + p, 0)];
}

/** Places where m ones stand together. */
function countOnes(block: Uint8Array, m: number): number {
  let occurrences = 0;
  let run = 0;
  for (let i = 0; i < block.length; i++) {
    run = block[i] === 1 ? run + 1 : 0;
    if (run >= m) occurrences++;
  }
  return occurrences;
}
