import assert from "node:assert/strict";
import { test } from "node:test";
import { BitSequence } from "../../../src/evaluation/sp800-22/bit-sequence.ts";
import { chiSquareOfClasses } from "../../../src/evaluation/sp800-22/chi-square.ts";
import { blockFrequency } from "../../../src/evaluation/sp800-22/frequency/block-frequency.ts";
import { frequency } from "../../../src/evaluation/sp800-22/frequency/frequency.ts";
import {
  longestRunOfOnes,
  longestRunParameters,
} from "../../../src/evaluation/sp800-22/frequency/longest-run-of-ones.ts";
import { runs } from "../../../src/evaluation/sp800-22/frequency/runs.ts";
import { binaryMatrixRank } from "../../../src/evaluation/sp800-22/linear/binary-matrix-rank.ts";
import { linearComplexity } from "../../../src/evaluation/sp800-22/linear/linear-complexity.ts";
import { approximateEntropy } from "../../../src/evaluation/sp800-22/patterns/approximate-entropy.ts";
import { serial } from "../../../src/evaluation/sp800-22/patterns/serial.ts";
import { universal } from "../../../src/evaluation/sp800-22/patterns/universal.ts";
import { cumulativeSums } from "../../../src/evaluation/sp800-22/random-walk/cumulative-sums.ts";
import {
  randomExcursions,
  visitProbabilities,
} from "../../../src/evaluation/sp800-22/random-walk/random-excursions.ts";
import { randomExcursionsVariant } from "../../../src/evaluation/sp800-22/random-walk/random-excursions-variant.ts";
import { runAllTests } from "../../../src/evaluation/sp800-22/run-all-tests.ts";
import { discreteFourierTransform } from "../../../src/evaluation/sp800-22/spectral/discrete-fourier-transform.ts";
import { nonOverlappingTemplates } from "../../../src/evaluation/sp800-22/templates/non-overlapping-template.ts";
import { overlappingTemplate } from "../../../src/evaluation/sp800-22/templates/overlapping-template.ts";
import {
  aperiodicTemplates,
  templateFromText,
} from "../../../src/evaluation/sp800-22/templates/template.ts";
import { warrenError } from "../../support/warren-error.ts";

const zeros = (lengthBits: number) => BitSequence.fromText("0".repeat(lengthBits));
const EMPTY = zeros(0);
const TEN = zeros(10);

const OUT_OF_RANGE: Readonly<Record<string, () => unknown>> = {
  "more bits than there are": () => BitSequence.fromOctets(new Uint8Array(2), 17),
  "a negative number of bits": () => BitSequence.fromOctets(new Uint8Array(2), -1),
  "half a bit": () => BitSequence.fromOctets(new Uint8Array(2), 1.5),
  "frequency of nothing": () => frequency(EMPTY),
  "runs of nothing": () => runs(EMPTY),
  "cumulative sums of nothing": () => cumulativeSums(EMPTY),
  "random excursions of nothing": () => randomExcursions(EMPTY),
  "random excursions variant of nothing": () => randomExcursionsVariant(EMPTY),
  "a transform of one bit": () => discreteFourierTransform(zeros(1)),
  "blocks of no bits": () => blockFrequency(TEN, 0),
  "a block longer than the sequence": () => blockFrequency(TEN, 11),
  "a block of not a number of bits": () => blockFrequency(TEN, Number.NaN),
  "longest run in 127 bits": () => longestRunOfOnes(zeros(127)),
  "longest run without one block": () =>
    longestRunOfOnes(zeros(200), longestRunParameters(750_000)),
  "a matrix of 1023 bits": () => binaryMatrixRank(zeros(1023)),
  "two probabilities for three ranks": () => binaryMatrixRank(zeros(1024), [0.5, 0.5]),
  "a class that cannot be": () => chiSquareOfClasses([1, 2], [1, 0]),
  "probabilities that are not numbers": () => chiSquareOfClasses([1, 2], [0.5, Number.NaN]),
  "linear complexity of blocks of no bits": () => linearComplexity(TEN, 0),
  "linear complexity without one block": () => linearComplexity(TEN, 11),
  "serial with patterns of one bit": () => serial(TEN, 1),
  "serial with patterns longer than the sequence": () => serial(TEN, 11),
  "serial with patterns of 25 bits": () => serial(zeros(100), 25),
  "approximate entropy with patterns of no bits": () => approximateEntropy(TEN, 0),
  "approximate entropy with patterns as long as the sequence": () => approximateEntropy(TEN, 10),
  "universal below 387,840 bits": () => universal(zeros(387_839)),
  "universal with blocks of 17 bits": () =>
    universal(zeros(1000), { blockLength: 17, initialBlocks: 1 }),
  "universal with blocks of one bit": () =>
    universal(zeros(1000), { blockLength: 1, initialBlocks: 1 }),
  "universal with no initial block": () => universal(TEN, { blockLength: 2, initialBlocks: 0 }),
  "universal with nothing left to test": () => universal(TEN, { blockLength: 2, initialBlocks: 5 }),
  "an empty template": () => templateFromText(""),
  "a template of 17 bits": () => templateFromText("0".repeat(16).concat("1")),
  "aperiodic templates of 17 bits": () => aperiodicTemplates(17),
  "a periodic template": () => nonOverlappingTemplates(zeros(100), [templateFromText("101")]),
  "templates of two lengths": () =>
    nonOverlappingTemplates(zeros(100), [templateFromText("01"), templateFromText("001")]),
  "blocks shorter than a template": () =>
    nonOverlappingTemplates(zeros(15), [templateFromText("01")]),
  "no blocks": () => nonOverlappingTemplates(TEN, [templateFromText("01")], 0),
  "an overlapping template longer than its block": () =>
    overlappingTemplate(TEN, { templateLength: 6, blockLength: 5 }),
  "an overlapping template without one block": () =>
    overlappingTemplate(TEN, { templateLength: 2, blockLength: 11 }),
  "the state 0": () => visitProbabilities(0),
  "all tests on too short a sequence": () => runAllTests(zeros(387_839)),
};

for (const [what, run] of Object.entries(OUT_OF_RANGE)) {
  test(`${what}: value-out-of-range`, () => assert.throws(run, warrenError("value-out-of-range")));
}

test("other characters than 0 and 1: text-malformed", () => {
  for (const text of ["012", "1 0", "1\n", "0x1", "-1"]) {
    assert.throws(() => BitSequence.fromText(text), warrenError("text-malformed"));
    assert.throws(() => templateFromText(text), warrenError("text-malformed"));
  }
});
