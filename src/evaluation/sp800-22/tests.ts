import type { BitSequence } from "./bit-sequence.ts";
import { blockFrequency } from "./frequency/block-frequency.ts";
import { frequency } from "./frequency/frequency.ts";
import { longestRunOfOnes } from "./frequency/longest-run-of-ones.ts";
import { runs } from "./frequency/runs.ts";
import { binaryMatrixRank } from "./linear/binary-matrix-rank.ts";
import { linearComplexity } from "./linear/linear-complexity.ts";
import { approximateEntropy } from "./patterns/approximate-entropy.ts";
import { serial } from "./patterns/serial.ts";
import { universal } from "./patterns/universal.ts";
import { cumulativeSums } from "./random-walk/cumulative-sums.ts";
import { EXCURSION_STATES, randomExcursions } from "./random-walk/random-excursions.ts";
import {
  randomExcursionsVariant,
  VARIANT_STATES,
} from "./random-walk/random-excursions-variant.ts";
import { discreteFourierTransform } from "./spectral/discrete-fourier-transform.ts";
import {
  NON_OVERLAPPING_BLOCKS,
  nonOverlappingTemplates,
} from "./templates/non-overlapping-template.ts";
import { overlappingTemplate } from "./templates/overlapping-template.ts";
import { aperiodicTemplates, templateText } from "./templates/template.ts";

/** One of the fifteen tests, as STS 2.1.2 (the program of NIST) runs it on 10^6 bits. */
export interface RandomnessTest {
  readonly id: string;
  /** As the standard calls it. */
  readonly name: string;
  /** Of SP 800-22 rev. 1a. */
  readonly section: string;
  /** By the letters of the standard; those that follow from n are for 10^6 bits. */
  readonly parameters: Readonly<Record<string, number>>;
  /**
   * What tells its p-values apart, one each and in their order: a direction, a template, a state. A single
   * empty text where there is only one p-value.
   */
  readonly variants: readonly string[];
  /**
   * One for each variant; null where the test does not apply to this sequence.
   *
   * @throws WarrenError `value-out-of-range` for a sequence that is too short
   */
  pValues(sequence: BitSequence): readonly (number | null)[];
}

const ONE_P_VALUE = [""];
const BLOCK_FREQUENCY_M = 128;
const LINEAR_COMPLEXITY_M = 500;
const APPROXIMATE_ENTROPY_M = 10;
const SERIAL_M = 16;
const OVERLAPPING = { templateLength: 9, blockLength: 1032 };
const TEMPLATE_M = 9;
const TEMPLATES = aperiodicTemplates(TEMPLATE_M);

/** The fifteen tests in the order of STS's final analysis report: 188 p-values. */
export const RANDOMNESS_TESTS: readonly RandomnessTest[] = [
  {
    id: "frequency",
    name: "Frequency (Monobit)",
    section: "2.1",
    parameters: {},
    variants: ONE_P_VALUE,
    pValues: (sequence) => [frequency(sequence).p],
  },
  {
    id: "blockFrequency",
    name: "Frequency within a Block",
    section: "2.2",
    parameters: { M: BLOCK_FREQUENCY_M },
    variants: ONE_P_VALUE,
    pValues: (sequence) => [blockFrequency(sequence, BLOCK_FREQUENCY_M).p],
  },
  {
    id: "cumulativeSums",
    name: "Cumulative Sums",
    section: "2.13",
    parameters: {},
    variants: ["forward", "backward"],
    pValues: (sequence) => {
      const { forward, backward } = cumulativeSums(sequence);
      return [forward.p, backward.p];
    },
  },
  {
    id: "runs",
    name: "Runs",
    section: "2.3",
    parameters: {},
    variants: ONE_P_VALUE,
    pValues: (sequence) => [runs(sequence).p],
  },
  {
    id: "longestRunOfOnes",
    name: "Longest Run of Ones in a Block",
    section: "2.4",
    parameters: { M: 10_000 },
    variants: ONE_P_VALUE,
    pValues: (sequence) => [longestRunOfOnes(sequence).p],
  },
  {
    id: "binaryMatrixRank",
    name: "Binary Matrix Rank",
    section: "2.5",
    parameters: { M: 32, Q: 32 },
    variants: ONE_P_VALUE,
    pValues: (sequence) => [binaryMatrixRank(sequence).p],
  },
  {
    id: "discreteFourierTransform",
    name: "Discrete Fourier Transform (Spectral)",
    section: "2.6",
    parameters: {},
    variants: ONE_P_VALUE,
    pValues: (sequence) => [discreteFourierTransform(sequence).p],
  },
  {
    id: "nonOverlappingTemplate",
    name: "Non-overlapping Template Matching",
    section: "2.7",
    parameters: { m: TEMPLATE_M, N: NON_OVERLAPPING_BLOCKS },
    variants: TEMPLATES.map(templateText),
    pValues: (sequence) => nonOverlappingTemplates(sequence, TEMPLATES).map(({ p }) => p),
  },
  {
    id: "overlappingTemplate",
    name: "Overlapping Template Matching",
    section: "2.8",
    parameters: { m: OVERLAPPING.templateLength, M: OVERLAPPING.blockLength },
    variants: ONE_P_VALUE,
    pValues: (sequence) => [overlappingTemplate(sequence, OVERLAPPING).p],
  },
  {
    id: "universal",
    name: "Maurer's Universal Statistical",
    section: "2.9",
    parameters: { L: 7, Q: 1280 },
    variants: ONE_P_VALUE,
    pValues: (sequence) => [universal(sequence).p],
  },
  {
    id: "approximateEntropy",
    name: "Approximate Entropy",
    section: "2.12",
    parameters: { m: APPROXIMATE_ENTROPY_M },
    variants: ONE_P_VALUE,
    pValues: (sequence) => [approximateEntropy(sequence, APPROXIMATE_ENTROPY_M).p],
  },
  {
    id: "randomExcursions",
    name: "Random Excursions",
    section: "2.14",
    parameters: {},
    variants: EXCURSION_STATES.map((x) => `x = ${x}`),
    pValues: (sequence) => pValuesOfStates(randomExcursions(sequence)),
  },
  {
    id: "randomExcursionsVariant",
    name: "Random Excursions Variant",
    section: "2.15",
    parameters: {},
    variants: VARIANT_STATES.map((x) => `x = ${x}`),
    pValues: (sequence) => pValuesOfStates(randomExcursionsVariant(sequence)),
  },
  {
    id: "serial",
    name: "Serial",
    section: "2.11",
    parameters: { m: SERIAL_M },
    variants: ["first difference", "second difference"],
    pValues: (sequence) => {
      const { first, second } = serial(sequence, SERIAL_M);
      return [first.p, second.p];
    },
  },
  {
    id: "linearComplexity",
    name: "Linear Complexity",
    section: "2.10",
    parameters: { M: LINEAR_COMPLEXITY_M },
    variants: ONE_P_VALUE,
    pValues: (sequence) => [linearComplexity(sequence, LINEAR_COMPLEXITY_M).p],
  },
];

function pValuesOfStates(result: {
  readonly isApplicable: boolean;
  readonly states: readonly { readonly p: number }[];
}): (number | null)[] {
  return result.states.map(({ p }) => (result.isApplicable ? p : null));
}
