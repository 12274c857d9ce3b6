import type { RowResult, SetResult } from "../result.ts";
import { probabilityByChance, probabilityOfAtLeast, sum } from "./chance.ts";
import { isOutside, isStarred } from "./proportion.ts";
import { UNIFORMITY_LEVEL, uniformityPValue } from "./uniformity.ts";

/** What is less probable than that is not left to chance. It is the level that the standard has for uniformity. */
export const CHANCE_LEVEL = 0.0001;

export interface RowAnalysis extends RowResult {
  /** Of passing sequences; null where the test applied to none. */
  readonly proportion: number | null;
  /** Of as few passing sequences, or fewer, if all are random; 1 where the test applied to none. */
  readonly chanceOfAsFew: number;
  /** The proportion is outside the range of the standard. */
  readonly isOutside: boolean;
  /** STS 2.1.2 would mark the proportion. */
  readonly isStarred: boolean;
  /** P-value_T; null for too few sequences. */
  readonly uniformity: number | null;
  /** P-value_T is below 0.0001. */
  readonly isUneven: boolean;
}

/** Rows that fail in one way, beside what chance alone would bring. */
export interface FailingRows {
  readonly observed: number;
  /** The mean number of them if every sequence were random. */
  readonly expected: number;
  /** Of as many or more by chance, the rows taken as independent, which they are not quite. */
  readonly probability: number;
}

export interface SetAnalysis {
  readonly set: SetResult;
  readonly rows: readonly RowAnalysis[];
  readonly outside: FailingRows;
  readonly starred: FailingRows;
  readonly uneven: FailingRows;
  /** The probability that chance makes the least probable proportion of all rows as low as it is. */
  readonly lowestProportionProbability: number;
  /** The same of the lowest P-value_T. */
  readonly lowestUniformityProbability: number;
  /**
   * Whether chance explains how many rows fail and how badly the worst one does, for proportions as for
   * uniformity, each at 0.0001; null if no row has sequences enough to tell.
   */
  readonly isAsRandom: boolean | null;
}

/** The analysis of SP 800-22, section 4.2. */
export function analyseSet(set: SetResult): SetAnalysis {
  const rows = set.rows.map(analyseRow);
  const applied = rows.filter((row) => row.applied > 0);
  const uniformityRows = rows.filter((row) => row.uniformity !== null);
  const outside = countFailing(
    applied.filter((row) => row.isOutside),
    applied.map((row) => probabilityByChance(row.applied, isOutside)),
  );
  const starred = countFailing(
    applied.filter((row) => row.isStarred),
    applied.map((row) => probabilityByChance(row.applied, isStarred)),
  );
  const uneven = countFailing(
    rows.filter((row) => row.isUneven),
    uniformityRows.map(() => UNIFORMITY_LEVEL),
  );
  const lowestProportionProbability = probabilityOfLowest(
    applied.map(({ chanceOfAsFew }) => chanceOfAsFew),
  );
  const lowestUniformityProbability = probabilityOfLowest(
    uniformityRows.map(({ uniformity }) => uniformity ?? 1),
  );
  const isExplained = [
    outside.probability,
    uneven.probability,
    lowestProportionProbability,
    lowestUniformityProbability,
  ].every((probability) => probability >= CHANCE_LEVEL);
  return {
    set,
    rows,
    outside,
    starred,
    uneven,
    lowestProportionProbability,
    lowestUniformityProbability,
    isAsRandom: uniformityRows.length > 0 ? isExplained : null,
  };
}

/** Of the smallest of so many independent P-values being as small as it is. */
function probabilityOfLowest(pValues: readonly number[]): number {
  // 1 - (1 - p)^rows, without the loss of digits for a small p.
  return -Math.expm1(pValues.length * Math.log1p(-Math.min(1, ...pValues)));
}

function analyseRow(row: RowResult): RowAnalysis {
  const uniformity = uniformityPValue(row.bins);
  const hasApplied = row.applied > 0;
  return {
    ...row,
    proportion: hasApplied ? row.passed / row.applied : null,
    chanceOfAsFew: probabilityByChance(row.applied, (passed) => passed <= row.passed),
    isOutside: hasApplied && isOutside(row.passed, row.applied),
    isStarred: hasApplied && isStarred(row.passed, row.applied),
    uniformity,
    isUneven: uniformity !== null && uniformity < UNIFORMITY_LEVEL,
  };
}

function countFailing(failing: readonly RowAnalysis[], byChance: readonly number[]): FailingRows {
  return {
    observed: failing.length,
    expected: sum(byChance),
    probability: probabilityOfAtLeast(failing.length, byChance),
  };
}
