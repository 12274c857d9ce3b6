import assert from "node:assert/strict";
import { test } from "node:test";
import { BitSequence } from "../../../src/evaluation/sp800-22/bit-sequence.ts";
import { chiSquareOfClasses } from "../../../src/evaluation/sp800-22/chi-square.ts";
import { linearComplexity } from "../../../src/evaluation/sp800-22/linear/linear-complexity.ts";
import { approximateEntropy } from "../../../src/evaluation/sp800-22/patterns/approximate-entropy.ts";
import { serial } from "../../../src/evaluation/sp800-22/patterns/serial.ts";
import { universal } from "../../../src/evaluation/sp800-22/patterns/universal.ts";
import { cumulativeSums } from "../../../src/evaluation/sp800-22/random-walk/cumulative-sums.ts";
import { randomExcursions } from "../../../src/evaluation/sp800-22/random-walk/random-excursions.ts";
import {
  complementaryErrorFunction,
  upperIncompleteGamma,
} from "../../../src/evaluation/sp800-22/special-functions.ts";
import { discreteFourierTransform } from "../../../src/evaluation/sp800-22/spectral/discrete-fourier-transform.ts";
import {
  occurrenceProbabilities,
  overlappingTemplate,
} from "../../../src/evaluation/sp800-22/templates/overlapping-template.ts";
import { assertClose, type Numbers } from "./support/assert-close.ts";
import { expansion } from "./support/expansions.ts";
import { classProbabilities, ERRATA } from "./support/reference-values.ts";

/** Of each erratum, by its section: what its text says about the printed and the correct values. */
const CHECKS: Readonly<Record<string, (correct: Numbers, printed: Numbers) => void>> = {
  "2.6.4 and 2.6.8": (correct, printed) => {
    const examples = ["1001010011", expansion("pi", 100).bits.join("")].map((text) => {
      const sequence = BitSequence.fromText(text);
      return { n: sequence.length, ...discreteFourierTransform(sequence) };
    });
    assert.deepEqual(
      examples.map(({ below }) => below),
      [5, 48],
    );
    assertClose(
      examples.map(({ p }) => p),
      correct,
      "p",
    );
    const ofPrintedCounts = examples.map(({ n, expectedBelow }, i) => {
      const difference = ([4, 46][i] ?? 0) - expectedBelow;
      return complementaryErrorFunction(Math.abs(difference) / Math.sqrt((n * 0.95 * 0.05) / 2));
    });
    assertClose(ofPrintedCounts, printed, "p of the printed counts");
  },
  "2.8.4": (correct, printed) => {
    const text = "10111011110010110100011100101110111110000101101001";
    const example = overlappingTemplate(BitSequence.fromText(text), {
      templateLength: 2,
      blockLength: 10,
    });
    const { counts, chiSquare, p, eta } = example;
    assertClose([...counts, chiSquare, p], correct, "corrected");
    const [printedChiSquare = 0, printedP = 0] = [printed].flat().slice(-2);
    const ofPrintedCounts = chiSquareOfClasses([0, 1, 1, 1, 1, 1], occurrenceProbabilities(eta));
    assertClose(ofPrintedCounts.chiSquare, printedChiSquare, "of the printed counts", 2e-5);
    assertClose(upperIncompleteGamma(2.5, printedChiSquare), printedP, "without halving");
    assertClose(upperIncompleteGamma(2.5, printedChiSquare / 2), 0.674145, "with halving");
  },
  "2.8.8": (correct, printed) => {
    const parameters = { templateLength: 9, blockLength: 1032 };
    const older = overlappingTemplate(expansion("e"), parameters);
    assert.deepEqual(older.counts, [329, 164, 150, 111, 78, 136]);
    assertClose([older.chiSquare, older.p], printed, "older probabilities");
    const probabilities = classProbabilities("overlappingTemplate/corrected");
    const ofText = overlappingTemplate(expansion("e"), { ...parameters, probabilities });
    assertClose([ofText.chiSquare, ofText.p], correct, "probabilities of the text");
  },
  "2.9.4": (correct) => {
    const example = BitSequence.fromText("01011010011101010111");
    assertClose(universal(example, { blockLength: 2, initialBlocks: 4 }).p, correct, "p");
  },
  "2.10.8": (correct, printed) => {
    const e = expansion("e");
    const asPrinted = linearComplexity(e, 1000);
    assertClose([asPrinted.chiSquare, asPrinted.p], printed, "with 0.01047");
    const probabilities = [0.010417, ...classProbabilities("linearComplexity/sts").slice(1)];
    const corrected = linearComplexity(e, 1000, probabilities);
    assertClose([corrected.chiSquare, corrected.p], correct, "with 0.010417");
  },
  "2.11.4 (2)": (correct) => {
    const { counts } = serial(BitSequence.fromText("0011011101"), 3);
    assertClose(counts[0][0b111], correct, "v111");
  },
  "2.11.4 (5)": (correct) => {
    const { first, second } = serial(BitSequence.fromText("0011011101"), 3);
    assertClose([first.p, second.p], correct, "p");
    assertClose([first.difference, second.difference], [1.6, 0.8], "differences");
    // The formulas as printed, and as they have to be.
    assert.notEqual(upperIncompleteGamma(2, 1.6), first.p);
    assertClose([upperIncompleteGamma(2, 0.8), upperIncompleteGamma(1, 0.4)], correct, "igamc");
  },
  "2.12.4 (6)": (correct, printed) => {
    const example = approximateEntropy(BitSequence.fromText("0100110101"), 3);
    assertClose(example.chiSquare, correct, "chi-square");
    assertClose(Math.LN2 - example.approximateEntropy, printed, "the bracket");
    assertClose(example.p, 0.261961, "p");
  },
  "2.13.4 (4)": (correct, printed) => {
    const { p } = cumulativeSums(BitSequence.fromText("1011010111")).forward;
    assertClose(p, correct, "p");
    assertClose(p, printed, "p as printed");
  },
  "2.14.8": (correct, printed) => {
    const states = randomExcursions(expansion("e")).states.filter(({ x }) => x > 0);
    const found = [...states.map(({ chiSquare }) => chiSquare), ...states.map(({ p }) => p)];
    assertClose(found, correct, "chi-square and p");
    assert.throws(() => assertClose(found, printed, "as printed"));
  },
};

for (const { section, correct, printed } of ERRATA) {
  test(`erratum of section ${section}: the corrected value`, () => {
    const check = CHECKS[section];
    assert.ok(check, `${section} is not checked`);
    check(numbersOf(correct), numbersOf(printed));
  });
}

/** All numbers of a value in their order, whatever they are called there. */
function numbersOf(value: unknown): Numbers {
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value;
  return Object.values(value as Record<string, Numbers>).flat();
}
