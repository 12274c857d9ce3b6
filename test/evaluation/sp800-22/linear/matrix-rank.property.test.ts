import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rankOf, rankProbability } from "../../../../src/evaluation/sp800-22/linear/matrix-rank.ts";
import { assertClose } from "../support/assert-close.ts";

/** Column by column over rows of single bits, with rows exchanged: as in textbooks. */
function naiveRank(rows: readonly string[]): number {
  let matrix = rows.map((row) => [...row].map(Number));
  let rank = 0;
  for (let column = 0; column < 32; column++) {
    const pivot = matrix.findIndex((row, i) => i >= rank && row[column] === 1);
    if (pivot < 0) continue;
    const pivotRow = matrix[pivot] ?? [];
    const others = matrix.filter((_, i) => i !== pivot);
    matrix = [...others.slice(0, rank), pivotRow, ...others.slice(rank)].map((row, i) =>
      i > rank && row[column] === 1 ? row.map((bit, j) => bit ^ (pivotRow[j] ?? 0)) : row,
    );
    rank++;
  }
  return rank;
}

const words = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), {
  minLength: 1,
  maxLength: 32,
});
/** Every row a sum of a few words, so that most ranks are low. */
const matrices = fc
  .tuple(words, fc.array(fc.array(fc.nat(31), { maxLength: 6 }), { minLength: 32, maxLength: 32 }))
  .map(([basis, sums]) =>
    sums.map((chosen) => chosen.reduce((sum, i) => sum ^ (basis[i % basis.length] ?? 0), 0)),
  );

test("the rank is that of elimination column by column", () => {
  fc.assert(
    fc.property(matrices, (rows) => {
      const text = rows.map((row) => (row >>> 0).toString(2).padStart(32, "0"));
      assert.equal(rankOf(Int32Array.from(rows)), naiveRank(text));
    }),
  );
});

test("the probabilities of the ranks are the shares of all matrices of order 3", () => {
  const counts = [0, 0, 0, 0];
  for (let matrix = 0; matrix < 512; matrix++) {
    const rank = rankOf(Int32Array.of(matrix & 7, (matrix >>> 3) & 7, matrix >>> 6));
    counts[rank] = (counts[rank] ?? 0) + 1;
  }
  const probabilities = [0, 1, 2, 3].map((rank) => rankProbability(rank, 3));
  assertClose(
    probabilities,
    counts.map((count) => count / 512),
    "order 3",
    1e-12,
  );
});
