import assert from "node:assert/strict";
import { test } from "node:test";
import type { BitSequence } from "../../../src/evaluation/sp800-22/bit-sequence.ts";
import {
  longestRunOfOnes,
  longestRunParameters,
} from "../../../src/evaluation/sp800-22/frequency/longest-run-of-ones.ts";
import { binaryMatrixRank } from "../../../src/evaluation/sp800-22/linear/binary-matrix-rank.ts";
import { linearComplexity } from "../../../src/evaluation/sp800-22/linear/linear-complexity.ts";
import {
  cumulativeSums,
  cumulativeSumsPValue,
} from "../../../src/evaluation/sp800-22/random-walk/cumulative-sums.ts";
import {
  randomExcursions,
  visitProbabilities,
} from "../../../src/evaluation/sp800-22/random-walk/random-excursions.ts";
import { overlappingTemplate } from "../../../src/evaluation/sp800-22/templates/overlapping-template.ts";
import { assertClose } from "./support/assert-close.ts";
import { EXPANSION_NAMES, expansion } from "./support/expansions.ts";
import {
  CLASS_CONSTANTS,
  EXCURSION_CONSTANTS,
  OTHER_CONSTANTS,
} from "./support/reference-values.ts";

/** p of a million bits with the class probabilities given. */
const RUNS: Readonly<
  Record<string, (sequence: BitSequence, probabilities: readonly number[]) => { p: number }>
> = {
  longestRunOfOnes: (sequence, probabilities) =>
    longestRunOfOnes(sequence, { ...longestRunParameters(sequence.length), probabilities }),
  binaryMatrixRank,
  linearComplexity: (sequence, probabilities) => linearComplexity(sequence, 500, probabilities),
  overlappingTemplate: (sequence, probabilities) =>
    overlappingTemplate(sequence, { templateLength: 9, blockLength: 1032, probabilities }),
};

for (const { id, probabilities, p } of CLASS_CONSTANTS) {
  test(`${id}: the p-values that belong to these probabilities`, () => {
    const run = RUNS[id.split("/")[0] ?? ""];
    assert.ok(run, `${id} is not run`);
    for (const name of EXPANSION_NAMES) {
      assertClose(run(expansion(name), probabilities).p, p[name], name);
    }
  });
}

/** "each rounded to four digits (0.03125 as 0.0312)": half goes to the even digit. */
function roundToFourDigits(value: number): number {
  const scaled = value * 10_000;
  const below = Math.floor(scaled);
  const isHalf = scaled - below === 0.5;
  return (isHalf ? below + (below % 2) : Math.round(scaled)) / 10_000;
}

const PROBABILITIES_OF: Readonly<Record<string, (x: number) => number[]>> = {
  "randomExcursions/exact": visitProbabilities,
  "randomExcursions/fourDigits": (x) => visitProbabilities(x).map(roundToFourDigits),
};

for (const { id, x, eP } of EXCURSION_CONSTANTS) {
  test(`${id}: the p-values that belong to these probabilities`, () => {
    const { states } = randomExcursions(expansion("e"), PROBABILITIES_OF[id]);
    assert.ok(PROBABILITIES_OF[id], `${id} is not run`);
    assert.deepEqual(
      states.map((state) => state.x),
      x,
    );
    assertClose(
      states.map((state) => state.p),
      eP,
      "p by state",
    );
  });
}

test("cumulativeSums/limits: how the limits are rounded shows in ten bits, not in a million", () => {
  assert.deepEqual(OTHER_CONSTANTS, ["cumulativeSums/limits"]);
  assertClose(cumulativeSumsPValue(4, 10), 0.411659, "towards zero");
  assertClose(cumulativeSumsPValue(4, 10, Math.floor), 0.411585, "downwards");
  for (const name of EXPANSION_NAMES) {
    const { forward, backward } = cumulativeSums(expansion(name));
    for (const { z, p } of [forward, backward]) {
      assertClose(cumulativeSumsPValue(z, 1_000_000, Math.floor), p, name, 1e-12);
    }
  }
  assertClose(
    cumulativeSumsPValue(16, 100, Math.floor),
    cumulativeSumsPValue(16, 100),
    "100 bits",
    1e-12,
  );
  const { forward, backward } = cumulativeSums(expansion("e"));
  assertClose(forward.p, 0.66988646, "exact value, forward", 1e-8);
  assertClose(backward.p, 0.72426531, "exact value, backward", 1e-8);
});

test("the remarks of the constants: six digits are not ten", () => {
  const e = expansion("e");
  const sixDigits = [0.086632, 0.208201, 0.248419, 0.193913, 0.121458, 0.068011, 0.073366];
  assertClose(RUNS["longestRunOfOnes"]?.(e, sixDigits).p, 0.718355, "longest run of ones");
  const ofLinearComplexity = [0.010417, 0.03125, 0.125, 0.5, 0.25, 0.0625, 0.020833];
  const expected = { e: 0.826194, pi: 0.246857, sqrt2: 0.321859, sqrt3: 0.338275 };
  for (const name of EXPANSION_NAMES) {
    const { p } = linearComplexity(expansion(name), 500, ofLinearComplexity);
    assertClose(p, expected[name], name);
  }
  const corrected = CLASS_CONSTANTS.find(({ id }) => id === "overlappingTemplate/corrected");
  const { counts, chiSquare } = overlappingTemplate(e, {
    templateLength: 9,
    blockLength: 1032,
    probabilities: corrected?.probabilities ?? [],
  });
  assert.deepEqual(counts.slice(0, 2), [329, 164]);
  assert.ok(Math.abs(chiSquare - 7.999866) > 0.01, "a chi-square that these counts do not have");
});
