import { formatNumber } from "../report/format-number.ts";
import type { Block, Section } from "../report/section.ts";
import { RANDOMNESS_TESTS } from "../sp800-22/tests.ts";
import { analyseSet, type SetAnalysis } from "./analysis/analyse-set.ts";
import { isLongEnough } from "./recommended-length.ts";
import type { RandomnessResult } from "./result.ts";
import { findingsOf } from "./telling/findings.ts";
import { overviewTable } from "./telling/overview-table.ts";
import { pValuesFigure } from "./telling/p-values-figure.ts";
import { proportionsFigure } from "./telling/proportions-figure.ts";
import { rowsTable, testTable } from "./telling/set-tables.ts";

export function describeRandomness(result: RandomnessResult): Section {
  const analyses = result.sets.map(analyseSet);
  return {
    introduction: introductionOf(result),
    findings: findingsOf(analyses, result.sequences),
    blocks: [
      { kind: "table", table: overviewTable(analyses, result.sequences) },
      ...figuresOf(analyses),
      { kind: "heading", text: "What such tests can say" },
      { kind: "text", paragraphs: LIMITS },
      { kind: "heading", text: "Each set, test by test" },
      ...analyses.flatMap((analysis): Block[] => [
        { kind: "text", paragraphs: [`${analysis.set.label}. ${analysis.set.description}`] },
        { kind: "table", table: testTable(analysis) },
        { kind: "table", table: rowsTable(analysis) },
      ]),
    ],
  };
}

const LIMITS = [
  "A statistical test can only reject. It looks for one kind of pattern; a sequence without it passes, whatever " +
    "made it. None of the fifteen asks how many keys are possible, whether a key can be computed from others, or " +
    "on which part of the input it depends. So they see nothing of a seed of few bits, of a published constant " +
    "as the key, or of a function that uses half of its key.",
  "They do find faults of construction in the crude: a function whose output repeats or counts. That is what " +
    "they are good for here, and why derived keys are tested with contexts that do nothing but count.",
];

function introductionOf({ sets, sequences, lengthBits }: RandomnessResult): string[] {
  const left = RANDOMNESS_TESTS.filter(({ id }) => !isLongEnough(id, lengthBits));
  return [
    `Each of ${sets.length} sets is ${sequences} sequences of ${formatNumber(lengthBits)} bits: keys of 128 bits one behind ` +
      "the other, the most significant bit of each octet first; NwkKey' and AppKey' in turn where a suite " +
      "derives them. Counter mode has one pair of root keys for the whole set and contexts of zeros but for a " +
      "counter in the last eight octets: the number of the sequence and that of the derivation. In ratchet mode each sequence is the life of a device of its own, that " +
      "joins and updates with its new keys, again and again; so no chain is longer than a sequence, and sequences " +
      "can be made in parallel.",
    "The fifteen tests of NIST SP 800-22 rev. 1a run with the parameters of NIST's program STS 2.1.2 and give " +
      `${RANDOMNESS_TESTS.reduce((rows, { variants }) => rows + variants.length, 0)} P-values a sequence, each a ` +
      "row of the analysis of section 4.2: the proportion of sequences with a P-value of 0.01 or more, and the " +
      "uniformity of the P-values over ten bins (P-value_T). Random excursions apply only to sequences with " +
      "enough cycles.",
    ...(left.length === 0
      ? []
      : [
          "Sequences are too short, by the recommendation of the standard, for: " +
            `${left.map(({ name }) => name).join(", ")}. These tests were left out.`,
        ]),
  ];
}

function figuresOf(analyses: readonly SetAnalysis[]): Block[] {
  const weak = analyses.filter(({ set }) => set.kind === "weak");
  const others = analyses.filter(({ set }) => set.kind !== "weak");
  const strips = [
    {
      id: "figure-sp800-22-proportions",
      analyses: others,
      lowest: 0.9,
      caption:
        "Proportion of passing sequences in every row, for derived keys and the control. The line is the lower " +
        "bound of the range, the dashed one the 0.99 expected; large filled points are outside. What is below 0.9 is " +
        "drawn at 0.9.",
    },
    {
      id: "figure-sp800-22-weak",
      analyses: weak,
      lowest: 0,
      caption: "The same for the weak generators, on a scale from 0 to 1.",
    },
  ].filter((strip) => strip.analyses.length > 0);
  const figures = [...strips.map(proportionsFigure), pValuesFigure(analyses)];
  return figures.map((figure): Block => ({ kind: "figure", figure }));
}
