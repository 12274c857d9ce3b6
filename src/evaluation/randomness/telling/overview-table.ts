import { formatNumber } from "../../report/format-number.ts";
import type { Table } from "../../report/section.ts";
import type { RowAnalysis, SetAnalysis } from "../analysis/analyse-set.ts";
import { probabilityByChance } from "../analysis/chance.ts";
import { acceptableProportions, isOutside, isStarred } from "../analysis/proportion.ts";

/** A line for each set: failing rows beside what chance brings. */
export function overviewTable(analyses: readonly SetAnalysis[], sequences: number): Table {
  const { lower } = acceptableProportions(sequences);
  return {
    id: "sp800-22-sets",
    caption:
      "The fifteen tests on each set of sequences: rows that fail, beside what chance brings",
    columns: [
      { name: "Keys" },
      { name: "Rows" },
      { name: "Proportion outside the range" },
      { name: "Expected outside", digits: 2 },
      { name: "Probability of as many", digits: 2 },
      { name: "Starred by STS" },
      { name: "Expected stars", digits: 2 },
      { name: "P-value_T < 0.0001" },
      { name: "Lowest proportion" },
      { name: "Lowest P-value_T", digits: 3 },
      { name: "As random" },
    ],
    rows: analyses.map((analysis) => [
      analysis.set.label,
      analysis.rows.filter(({ applied }) => applied > 0).length,
      analysis.outside.observed,
      analysis.outside.expected,
      analysis.outside.probability,
      analysis.starred.observed,
      analysis.starred.expected,
      analysis.uneven.observed,
      lowestProportion(analysis.rows),
      lowestUniformity(analysis.rows),
      verdict(analysis),
    ]),
    notes: [
      `The range of section 4.2.1 begins at ${formatNumber(lower)} for ${sequences} sequences; a row ` +
        `is outside of it by chance with probability ` +
        `${formatNumber(probabilityByChance(sequences, isOutside), 3)} (binomial distribution). STS cuts the ` +
        `bound off to whole sequences, and a star comes by chance with probability ` +
        `${formatNumber(probabilityByChance(sequences, isStarred), 3)}.`,
      "The expected numbers are sums over the rows, those of random excursions with the sequences that they " +
        "applied to. The probability of as many takes the rows as independent. They are not quite: a sequence " +
        "that is odd to one template or state is likely to be so to its neighbours.",
      "As random: chance explains how many rows fail and how badly the worst one does, for proportions as for " +
        "uniformity, each at a probability of 0.0001. Uniformity needs 55 sequences (section 4.2.2).",
    ],
  };
}

/**
 * As STS prints it: `96/100`. Where tests applied to different numbers of sequences, the lowest is the one that
 * is least probable by chance.
 */
export function lowestProportion(rows: readonly RowAnalysis[]): string | null {
  const [first, ...others] = rows.filter(({ applied }) => applied > 0);
  if (first === undefined) return null;
  const lowest = others.reduce(
    (low, row) => (row.chanceOfAsFew < low.chanceOfAsFew ? row : low),
    first,
  );
  return `${lowest.passed}/${lowest.applied}`;
}

export function lowestUniformity(rows: readonly RowAnalysis[]): number | null {
  const values = rows.map(({ uniformity }) => uniformity).filter((value) => value !== null);
  return values.length === 0 ? null : Math.min(...values);
}

function verdict({ isAsRandom }: SetAnalysis): string {
  if (isAsRandom === null) return "too few sequences";
  return isAsRandom ? "yes" : "no";
}
