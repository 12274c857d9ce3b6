import { formatSuite, Suite } from "../../../root-key/suite.ts";
import { formatNumber } from "../../report/format-number.ts";
import type { Finding, Outcome } from "../../report/section.ts";
import { CHANCE_LEVEL, type SetAnalysis } from "../analysis/analyse-set.ts";
import { probabilityByChance } from "../analysis/chance.ts";
import { isOutside, isStarred } from "../analysis/proportion.ts";
import { lowestProportion, lowestUniformity } from "./overview-table.ts";

const isDerived = ({ set }: SetAnalysis) => set.kind === "counter" || set.kind === "ratchet";
const isPaper = ({ set }: SetAnalysis) =>
  set.source.startsWith(`${formatSuite(Suite.RabbitSplit)}-`);

export function findingsOf(analyses: readonly SetAnalysis[], sequences: number): Finding[] {
  const derived = analyses.filter(isDerived);
  return [
    paperFinding(derived.filter(isPaper)),
    suitesFinding(derived.filter((analysis) => !isPaper(analysis))),
    chanceFinding(analyses, sequences),
    weakFinding(analyses.filter(({ set }) => set.kind === "weak")),
  ];
}

function paperFinding(analyses: readonly SetAnalysis[]): Finding {
  const verdict = verdictOf(analyses);
  return {
    outcome: verdict === null ? "undecidable" : verdict ? "reproduced" : "not-reproduced",
    claim:
      "The keys of the paper's function have “a high degree of randomness” (abstract): the fifteen tests find " +
      "no more in them than in random sequences.",
    evidence:
      `${tellSets(analyses)} The tests can only reject: this says that the keys look random, not that they ` +
      "are hard to guess.",
  };
}

function suitesFinding(analyses: readonly SetAnalysis[]): Finding {
  const verdict = verdictOf(analyses);
  return {
    outcome: verdict === null ? "undecidable" : verdict ? "shown" : "refuted",
    claim: "The keys of the other suites look as random, from counting contexts and as a ratchet.",
    evidence: tellSets(analyses),
  };
}

function chanceFinding(analyses: readonly SetAnalysis[], sequences: number): Finding {
  const control = analyses.find(({ set }) => set.kind === "control");
  const good = analyses.filter(isDerived).map(({ outside }) => outside.observed);
  const chance = formatNumber(probabilityByChance(sequences, isOutside), 3);
  const starChance = formatNumber(probabilityByChance(sequences, isStarred), 3);
  return {
    outcome: chanceOutcome(control?.isAsRandom ?? null),
    claim: "Chance alone makes a few rows of a set fail.",
    evidence:
      `Of ${sequences} random sequences a row's proportion is outside the range with probability ${chance}, ` +
      `and has a star of STS with ${starChance}. ${control === undefined ? "" : tellControl(control)}` +
      (good.length === 0
        ? ""
        : ` The sets of derived keys have ${Math.min(...good)} to ${Math.max(...good)} such rows.`),
  };
}

/** The control decides: null where there is none or it has too few sequences. */
function chanceOutcome(isControlAsRandom: boolean | null): Outcome {
  if (isControlAsRandom === null) return "undecidable";
  return isControlAsRandom ? "shown" : "refuted";
}

function tellControl({ rows, outside, starred }: SetAnalysis): string {
  return (
    `That makes ${formatNumber(outside.expected, 2)} and ${formatNumber(starred.expected, 2)} of ` +
    `${rows.filter(({ applied }) => applied > 0).length} rows; the control has ${outside.observed} and ` +
    `${starred.observed}.`
  );
}

function weakFinding(analyses: readonly SetAnalysis[]): Finding {
  const passing = analyses.filter(({ isAsRandom }) => isAsRandom === true);
  const failing = analyses.filter(({ isAsRandom }) => isAsRandom === false);
  return {
    outcome: passing.length > 0 ? "refuted" : "undecidable",
    claim: "Keys that pass the fifteen tests are fit to be keys.",
    evidence: [
      ...passing.map((analysis) => tellWeak("Passing", analysis)),
      ...failing.map((analysis) => tellWeak("Failing", analysis)),
      ...(passing.length + failing.length === 0
        ? ["Too few sequences to judge the weak ones."]
        : []),
    ].join(" "),
  };
}

function tellWeak(verdict: "Passing" | "Failing", analysis: SetAnalysis): string {
  const { label, description } = analysis.set;
  return `${verdict}: ${label}, ${tellRows(analysis)}. ${description}`;
}

/** Whether all are as random; null if one has too few sequences, or there is none. */
function verdictOf(analyses: readonly SetAnalysis[]): boolean | null {
  if (analyses.some(({ isAsRandom }) => isAsRandom === false)) return false;
  return analyses.length > 0 && analyses.every(({ isAsRandom }) => isAsRandom) ? true : null;
}

function tellSets(analyses: readonly SetAnalysis[]): string {
  if (analyses.length === 0) return "No such keys were tested in this run.";
  return `${analyses.map((each) => `${each.set.label}: ${tellRows(each)}`).join("; ")}.`;
}

/** Proportions, and uniformity where it fails. */
function tellRows({ rows, outside, uneven, ...analysis }: SetAnalysis): string {
  const applied = rows.filter((row) => row.applied > 0);
  const lowest = lowestUniformity(rows);
  const isUneven = uneven.observed > 0 || analysis.lowestUniformityProbability < CHANCE_LEVEL;
  return (
    `${outside.observed} of ${applied.length} rows outside the range (${formatNumber(outside.expected, 2)} ` +
    `expected by chance), the lowest at ${lowestProportion(rows) ?? "none"}` +
    (isUneven && lowest !== null
      ? `; ${uneven.observed} with uneven P-values, the lowest P-value_T ${formatNumber(lowest, 2)}`
      : "")
  );
}
