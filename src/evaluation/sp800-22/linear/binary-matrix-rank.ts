import type { BitSequence } from "../bit-sequence.ts";
import { type ChiSquareResult, chiSquareOfClasses } from "../chi-square.ts";
import { requireWithin } from "../limits.ts";
import { rankOf, rankProbability } from "./matrix-rank.ts";

/** M = Q: rows and columns; the standard leaves no choice. */
const ORDER = 32;
const MATRIX_BITS = ORDER * ORDER;

export interface BinaryMatrixRankResult extends ChiSquareResult {
  /** N; the bits after the last whole matrix are not used. */
  readonly matrices: number;
  /** F_M, F_(M-1) and the rest: matrices of rank 32, 31, and 30 or less. */
  readonly counts: readonly number[];
}

/**
 * Binary matrix rank test, SP 800-22 section 2.5: are 32 words of 32 bits linearly independent as often as
 * they should be. Required: n >= 38,912 (38 matrices).
 *
 * @param probabilities of rank 32, 31, and 30 or less; default: the exact ones, as STS computes them; the
 *   text of the standard has four digits
 * @throws WarrenError `value-out-of-range` for fewer than 1024 bits
 */
export function binaryMatrixRank(
  { bits }: BitSequence,
  probabilities: readonly number[] = exactProbabilities(),
): BinaryMatrixRankResult {
  requireWithin("sequence length", bits.length, { from: MATRIX_BITS });
  const matrices = Math.floor(bits.length / MATRIX_BITS);
  const rows = new Int32Array(ORDER);
  const counts = [0, 0, 0];
  for (let matrix = 0; matrix < matrices; matrix++) {
    rows.fill(0);
    for (let i = 0; i < MATRIX_BITS; i++) {
      const row = i >>> 5;
      rows[row] = ((rows[row] ?? 0) << 1) | (bits[matrix * MATRIX_BITS + i] ?? 0);
    }
    const chosen = Math.min(ORDER - rankOf(rows), 2);
    counts[chosen] = (counts[chosen] ?? 0) + 1;
  }
  return { matrices, counts, ...chiSquareOfClasses(counts, probabilities) };
}

function exactProbabilities(): number[] {
  const full = rankProbability(ORDER, ORDER);
  const oneLess = rankProbability(ORDER - 1, ORDER);
  return [full, oneLess, 1 - full - oneLess];
}
