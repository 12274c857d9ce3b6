import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { BitSequence } from "../../../../src/evaluation/sp800-22/bit-sequence.ts";
import { cumulativeSums } from "../../../../src/evaluation/sp800-22/random-walk/cumulative-sums.ts";
import {
  randomExcursions,
  visitProbabilities,
} from "../../../../src/evaluation/sp800-22/random-walk/random-excursions.ts";
import { randomExcursionsVariant } from "../../../../src/evaluation/sp800-22/random-walk/random-excursions-variant.ts";
import { assertClose } from "../support/assert-close.ts";
import { bitSequences, reversalOf } from "../support/bit-arbitraries.ts";

const SEQUENCES = bitSequences({ minLength: 1, maxLength: 400 });

function walkOf({ bits }: BitSequence): number[] {
  let sum = 0;
  return Array.from(bits, (bit) => {
    sum += bit === 1 ? 1 : -1;
    return sum;
  });
}

/** The states of each cycle, without the zeros between them. */
function cyclesOf(sequence: BitSequence): number[][] {
  const cycles: number[][] = [[]];
  const walk = walkOf(sequence);
  walk.forEach((state, i) => {
    if (state !== 0) cycles.at(-1)?.push(state);
    else if (i < walk.length - 1) cycles.push([]);
  });
  return cycles;
}

test("cumulative sums: z is the farthest the walk gets, from either end", () => {
  fc.assert(
    fc.property(SEQUENCES, (sequence) => {
      const { forward, backward } = cumulativeSums(sequence);
      assert.equal(forward.z, Math.max(...walkOf(sequence).map(Math.abs)));
      assert.equal(backward.z, Math.max(...walkOf(reversalOf(sequence)).map(Math.abs)));
    }),
  );
});

test("random excursions: cycles and visits are those of the walk", () => {
  fc.assert(
    fc.property(SEQUENCES, (sequence) => {
      const cycles = cyclesOf(sequence);
      const visitsOf = (x: number) => cycles.map((cycle) => cycle.filter((s) => s === x).length);
      const excursions = randomExcursions(sequence);
      assert.equal(excursions.cycles, cycles.length);
      for (const { x, visitCounts } of excursions.states) {
        const visits = visitsOf(x).map((count) => Math.min(count, 5));
        const expected = [0, 1, 2, 3, 4, 5].map((k) => visits.filter((v) => v === k).length);
        assert.deepEqual(visitCounts, expected);
      }
      for (const { x, totalVisits } of randomExcursionsVariant(sequence).states) {
        assert.equal(
          totalVisits,
          visitsOf(x).reduce((sum, count) => sum + count, 0),
        );
      }
    }),
  );
});

test("random excursions: the probabilities of each state add up to one", () => {
  for (const x of [-4, -3, -2, -1, 1, 2, 3, 4]) {
    const probabilities = visitProbabilities(x);
    assertClose(
      probabilities.reduce((sum, p) => sum + p, 0),
      1,
      `x = ${x}`,
      1e-14,
    );
  }
  assert.deepEqual(visitProbabilities(1), [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.03125]);
});
