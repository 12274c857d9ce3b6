import type { BitSequence } from "../../../../src/evaluation/sp800-22/bit-sequence.ts";
import { blockFrequency } from "../../../../src/evaluation/sp800-22/frequency/block-frequency.ts";
import { frequency } from "../../../../src/evaluation/sp800-22/frequency/frequency.ts";
import {
  longestRunOfOnes,
  longestRunParameters,
} from "../../../../src/evaluation/sp800-22/frequency/longest-run-of-ones.ts";
import { runs } from "../../../../src/evaluation/sp800-22/frequency/runs.ts";
import { binaryMatrixRank } from "../../../../src/evaluation/sp800-22/linear/binary-matrix-rank.ts";
import { linearComplexity } from "../../../../src/evaluation/sp800-22/linear/linear-complexity.ts";
import { approximateEntropy } from "../../../../src/evaluation/sp800-22/patterns/approximate-entropy.ts";
import { serial } from "../../../../src/evaluation/sp800-22/patterns/serial.ts";
import {
  universal,
  universalParameters,
} from "../../../../src/evaluation/sp800-22/patterns/universal.ts";
import { cumulativeSums } from "../../../../src/evaluation/sp800-22/random-walk/cumulative-sums.ts";
import { randomExcursions } from "../../../../src/evaluation/sp800-22/random-walk/random-excursions.ts";
import { randomExcursionsVariant } from "../../../../src/evaluation/sp800-22/random-walk/random-excursions-variant.ts";
import { discreteFourierTransform } from "../../../../src/evaluation/sp800-22/spectral/discrete-fourier-transform.ts";
import { nonOverlappingTemplates } from "../../../../src/evaluation/sp800-22/templates/non-overlapping-template.ts";
import { overlappingTemplate } from "../../../../src/evaluation/sp800-22/templates/overlapping-template.ts";
import { templateFromText } from "../../../../src/evaluation/sp800-22/templates/template.ts";
import type { Numbers } from "./assert-close.ts";
import type { MillionBitRow } from "./reference-values.ts";

/** What the library says, by the names that a row of the reference values uses. */
export interface MillionBitResult {
  readonly p: number;
  readonly statistics?: Readonly<Record<string, Numbers>>;
  /** Parameters that follow from others. */
  readonly parameters?: Readonly<Record<string, number>>;
}

type Parameters = MillionBitRow["parameters"];
type Run = (sequence: BitSequence, parameters: Parameters) => MillionBitResult;

const number = (parameters: Parameters, name: string): number => {
  const value = parameters[name];
  if (typeof value !== "number") throw new Error(`no parameter ${name}`);
  return value;
};

/** Of each test of the table, under its name there. */
export const MILLION_BIT_RUNS: Readonly<Record<string, Run>> = {
  frequency: (sequence) => frequency(sequence),
  blockFrequency: (sequence, parameters) => blockFrequency(sequence, number(parameters, "M")),
  cumulativeSumsForward: (sequence) => {
    const { z, p } = cumulativeSums(sequence).forward;
    return { p, statistics: { z } };
  },
  cumulativeSumsBackward: (sequence) => {
    const { z, p } = cumulativeSums(sequence).backward;
    return { p, statistics: { z } };
  },
  runs: (sequence) => runs(sequence),
  longestRunOfOnes: (sequence) => {
    const { blocks, counts, p } = longestRunOfOnes(sequence);
    const { blockLength } = longestRunParameters(sequence.length);
    const parameters = { M: blockLength, N: blocks, K: counts.length - 1 };
    return { p, statistics: { v: counts }, parameters };
  },
  binaryMatrixRank: (sequence) => {
    const { matrices, counts, p } = binaryMatrixRank(sequence);
    const bitsDiscarded = sequence.length - matrices * 1024;
    return { p, statistics: { F: counts }, parameters: { N: matrices, bitsDiscarded } };
  },
  discreteFourierTransform: (sequence) => {
    const { expectedBelow, below, p } = discreteFourierTransform(sequence);
    return { p, statistics: { N1: below }, parameters: { N0: expectedBelow } };
  },
  nonOverlappingTemplate: (sequence, { template, N }) => {
    const templates = [templateFromText(String(template))];
    const [result] = nonOverlappingTemplates(sequence, templates, Number(N));
    if (result === undefined) throw new Error("no result");
    const { blockLength, counts, mean, p } = result;
    return { p, statistics: { W: counts }, parameters: { M: blockLength, mean } };
  },
  overlappingTemplate: (sequence, parameters) => {
    const { blocks, eta, counts, p } = overlappingTemplate(sequence, {
      templateLength: number(parameters, "m"),
      blockLength: number(parameters, "M"),
    });
    return { p, statistics: { v: counts }, parameters: { N: blocks, eta, K: counts.length - 1 } };
  },
  universal: (sequence) => {
    const { testBlocks, statistic, expectedValue, variance, sigma, p } = universal(sequence);
    const { blockLength: L, initialBlocks: Q } = universalParameters(sequence.length);
    const bitsDiscarded = sequence.length - (Q + testBlocks) * L;
    const parameters = { L, Q, K: testBlocks, bitsDiscarded, expectedValue, variance, sigma };
    return { p, statistics: { fn: statistic }, parameters };
  },
  approximateEntropy: (sequence, parameters) =>
    approximateEntropy(sequence, number(parameters, "m")),
  serialFirst: (sequence, parameters) => serial(sequence, number(parameters, "m")).first,
  serialSecond: (sequence, parameters) => serial(sequence, number(parameters, "m")).second,
  linearComplexity: (sequence, parameters) => {
    const { blocks, counts, p } = linearComplexity(sequence, number(parameters, "M"));
    return { p, statistics: { v: counts }, parameters: { N: blocks, K: counts.length - 1 } };
  },
  randomExcursions: (sequence, parameters) => {
    const { cycles, states } = randomExcursions(sequence);
    const state = states.find(({ x }) => x === number(parameters, "x"));
    return { p: state?.p ?? Number.NaN, statistics: { J: cycles } };
  },
  randomExcursionsVariant: (sequence, parameters) => {
    const { cycles, states } = randomExcursionsVariant(sequence);
    const state = states.find(({ x }) => x === number(parameters, "x"));
    return { p: state?.p ?? Number.NaN, statistics: { J: cycles } };
  },
};
