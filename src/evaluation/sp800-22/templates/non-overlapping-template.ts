import { WarrenError } from "../../../errors.ts";
import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";
import { upperIncompleteGamma } from "../special-functions.ts";
import { isAperiodic, type Template } from "./template.ts";

/** N; the standard and STS always take eight. */
export const NON_OVERLAPPING_BLOCKS = 8;

export interface NonOverlappingTemplateResult {
  readonly template: Template;
  /** M, in bits. */
  readonly blockLength: number;
  /** W_1 ... W_N: occurrences in each block. */
  readonly counts: readonly number[];
  /** mu: occurrences to be expected in a block. */
  readonly mean: number;
  /** sigma^2 of the occurrences in a block. */
  readonly variance: number;
  readonly chiSquare: number;
  readonly p: number;
}

/**
 * Non-overlapping template matching test, SP 800-22 section 2.7, for any number of templates of the same
 * length in one pass. The search of the standard goes on behind each match; an aperiodic template cannot
 * overlap itself, so every place where it stands is a match, and counting all patterns of m bits once gives
 * the answer for all templates. Recommended: m = 9 or 10, M > 0.01 n, N <= 100.
 *
 * @param templates aperiodic, all of the same length m
 * @param blocks N; the bits after the last of N equal blocks are not used
 * @throws WarrenError `value-out-of-range` if a template is periodic or they differ in length, or if a block
 *   is shorter than a template
 */
export function nonOverlappingTemplates(
  { bits }: BitSequence,
  templates: readonly Template[],
  blocks = NON_OVERLAPPING_BLOCKS,
): NonOverlappingTemplateResult[] {
  const m = requireAperiodic(templates);
  requireWithin("number of blocks N", blocks, { from: 1 });
  const blockLength = Math.floor(bits.length / blocks);
  requireWithin("block length M", blockLength, { from: m });
  const counts = Array.from({ length: blocks }, (_, block) =>
    countWindows(bits.subarray(block * blockLength, (block + 1) * blockLength), m),
  );
  const mean = (blockLength - m + 1) / 2 ** m;
  const variance = blockLength * (1 / 2 ** m - (2 * m - 1) / 2 ** (2 * m));
  return templates.map((template) => {
    const occurrences = counts.map((ofBlock) => ofBlock[template.value] ?? 0);
    const chiSquare = occurrences.reduce((sum, count) => sum + (count - mean) ** 2 / variance, 0);
    const p = upperIncompleteGamma(blocks / 2, chiSquare / 2);
    return { template, blockLength, counts: occurrences, mean, variance, chiSquare, p };
  });
}

/** Their length, which is 1 if there are none. */
function requireAperiodic(templates: readonly Template[]): number {
  const m = templates[0]?.length ?? 1;
  for (const template of templates) {
    if (template.length !== m) {
      throw new WarrenError("value-out-of-range", "templates of different lengths");
    }
    if (!isAperiodic(template)) throw new WarrenError("value-out-of-range", "a periodic template");
  }
  return m;
}

/** How often each pattern of m bits stands in the block: 2^m counts. */
function countWindows(block: Uint8Array, m: number): Int32Array {
  const counts = new Int32Array(2 ** m);
  const mask = counts.length - 1;
  let window = 0;
  for (let i = 0; i < m - 1; i++) window = (window << 1) | (block[i] ?? 0);
  for (let i = m - 1; i < block.length; i++) {
    window = ((window << 1) | (block[i] ?? 0)) & mask;
    counts[window] = (counts[window] ?? 0) + 1;
  }
  return counts;
}
