import { BitSequence } from "../../../../src/evaluation/sp800-22/bit-sequence.ts";
import { blockFrequency } from "../../../../src/evaluation/sp800-22/frequency/block-frequency.ts";
import { frequency } from "../../../../src/evaluation/sp800-22/frequency/frequency.ts";
import { longestRunOfOnes } from "../../../../src/evaluation/sp800-22/frequency/longest-run-of-ones.ts";
import { runs } from "../../../../src/evaluation/sp800-22/frequency/runs.ts";
import { linearComplexityOf } from "../../../../src/evaluation/sp800-22/linear/berlekamp-massey.ts";
import { binaryMatrixRank } from "../../../../src/evaluation/sp800-22/linear/binary-matrix-rank.ts";
import { linearComplexity } from "../../../../src/evaluation/sp800-22/linear/linear-complexity.ts";
import { approximateEntropy } from "../../../../src/evaluation/sp800-22/patterns/approximate-entropy.ts";
import { serial } from "../../../../src/evaluation/sp800-22/patterns/serial.ts";
import { universal } from "../../../../src/evaluation/sp800-22/patterns/universal.ts";
import { cumulativeSums } from "../../../../src/evaluation/sp800-22/random-walk/cumulative-sums.ts";
import { randomExcursions } from "../../../../src/evaluation/sp800-22/random-walk/random-excursions.ts";
import { randomExcursionsVariant } from "../../../../src/evaluation/sp800-22/random-walk/random-excursions-variant.ts";
import { nonOverlappingTemplates } from "../../../../src/evaluation/sp800-22/templates/non-overlapping-template.ts";
import { overlappingTemplate } from "../../../../src/evaluation/sp800-22/templates/overlapping-template.ts";
import { templateFromText } from "../../../../src/evaluation/sp800-22/templates/template.ts";
import type { Numbers } from "./assert-close.ts";
import { type ExpansionName, expansion } from "./expansions.ts";
import { classProbabilities, type WorkedExample } from "./reference-values.ts";

type Parameters = WorkedExample["parameters"];
/** What the library says, by the names that the worked examples use. */
type Run = (sequence: BitSequence, parameters: Parameters) => Record<string, Numbers>;

export function exampleBits(bits: string): BitSequence {
  const [name, length] = bits.split(":");
  if (length === undefined) return BitSequence.fromText(bits);
  return expansion(name as ExpansionName, Number(length));
}

export const WORKED_EXAMPLE_RUNS: Readonly<Record<string, Run>> = {
  frequency: (sequence) => ({ p: frequency(sequence).p }),
  blockFrequency: (sequence, { M }) => {
    const { blocks, chiSquare, p } = blockFrequency(sequence, Number(M));
    return { N: blocks, chiSquare, p };
  },
  runs: (sequence) => {
    const { runs: v, p } = runs(sequence);
    return { v, p };
  },
  longestRunOfOnes: (sequence) => {
    const { counts, chiSquare, p } = longestRunOfOnes(sequence);
    return { v: counts, chiSquare, p };
  },
  binaryMatrixRank: (sequence) => {
    const { matrices, counts, chiSquare, p } = binaryMatrixRank(sequence);
    return { N: matrices, F: counts, chiSquare, p };
  },
  nonOverlappingTemplate: (sequence, { template, N }) => {
    const templates = [templateFromText(String(template))];
    const [result] = nonOverlappingTemplates(sequence, templates, Number(N));
    if (result === undefined) throw new Error("no result");
    const { counts, mean, variance, chiSquare, p } = result;
    return { W: counts, mean, variance, chiSquare, p };
  },
  overlappingTemplate: (sequence, { template, M }) => {
    const templateLength = String(template).length;
    const { counts, chiSquare, p } = overlappingTemplate(sequence, {
      templateLength,
      blockLength: Number(M),
    });
    return { v: counts, chiSquare, p };
  },
  universal: (sequence, { L, Q }) => {
    const parameters = { blockLength: Number(L), initialBlocks: Number(Q) };
    const { testBlocks, sum, statistic, expectedValue, variance, sigma, p } = universal(
      sequence,
      parameters,
    );
    return { K: testBlocks, sum, fn: statistic, expectedValue, variance, sigma, p };
  },
  linearComplexity: (sequence, { M, probabilities }) => {
    const constants =
      probabilities === undefined ? undefined : classProbabilities(String(probabilities));
    const { counts, mean, chiSquare, p } = linearComplexity(sequence, Number(M), constants);
    const ofOneBlock = M === sequence.length ? linearComplexityOf(sequence.bits) : Number.NaN;
    return { complexity: ofOneBlock, mean, v: counts, chiSquare, p };
  },
  serial: (sequence, { m }) => {
    const { counts, psiSquares, first, second } = serial(sequence, Number(m));
    return {
      ...Object.fromEntries(counts.map((of, i) => [`v${Number(m) - i}`, [...of]])),
      psi2: psiSquares,
      del1: first.difference,
      del2: second.difference,
      p1: first.p,
      p2: second.p,
    };
  },
  approximateEntropy: (sequence, { m }) => {
    const { approximateEntropy: apEn, chiSquare, p } = approximateEntropy(sequence, Number(m));
    return { apEn, chiSquare, p };
  },
  cumulativeSumsForward: (sequence) => ({ ...cumulativeSums(sequence).forward }),
  cumulativeSumsBackward: (sequence) => ({ ...cumulativeSums(sequence).backward }),
  randomExcursions: (sequence, parameters) => {
    const { cycles, states } = randomExcursions(sequence);
    const state = states.find(({ x }) => x === parameters["x"]);
    if (state === undefined) throw new Error("no such state");
    return { J: cycles, ...state };
  },
  randomExcursionsVariant: (sequence, parameters) => {
    const { cycles, states } = randomExcursionsVariant(sequence);
    const state = states.find(({ x }) => x === parameters["x"]);
    if (state === undefined) throw new Error("no such state");
    return { J: cycles, ...state };
  },
};
