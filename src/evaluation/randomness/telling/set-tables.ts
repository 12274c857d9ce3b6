import type { Table } from "../../report/section.ts";
import { RANDOMNESS_TESTS } from "../../sp800-22/tests.ts";
import type { SetAnalysis } from "../analysis/analyse-set.ts";
import { probabilityByChance, sum } from "../analysis/chance.ts";
import { acceptableProportions, isOutside } from "../analysis/proportion.ts";
import { BINS } from "../analysis/uniformity.ts";
import { lowestProportion, lowestUniformity } from "./overview-table.ts";

/** A set test by test: fifteen lines. */
export function testTable({ set, rows }: SetAnalysis): Table {
  return {
    id: `sp800-22-${set.source}`,
    caption: `${set.label}: the fifteen tests`,
    columns: [
      { name: "Test" },
      { name: "Section" },
      { name: "Rows" },
      { name: "Lowest proportion" },
      { name: "Lowest P-value_T", digits: 3 },
      { name: "Rows outside the range" },
      { name: "Expected by chance", digits: 2 },
      { name: "Starred by STS" },
    ],
    rows: RANDOMNESS_TESTS.map(({ id, name, section }) => {
      const ofTest = rows.filter(({ test }) => test === id);
      const applied = ofTest.filter((row) => row.applied > 0);
      return [
        name,
        section,
        ofTest.length,
        lowestProportion(ofTest),
        lowestUniformity(ofTest),
        applied.length === 0 ? null : applied.filter((row) => row.isOutside).length,
        applied.length === 0
          ? null
          : sum(applied.map((row) => probabilityByChance(row.applied, isOutside))),
        applied.length === 0 ? null : applied.filter((row) => row.isStarred).length,
      ];
    }),
  };
}

/** Every row of a set, as in STS's final analysis report. */
export function rowsTable({ set, rows }: SetAnalysis): Table {
  return {
    id: `sp800-22-${set.source}-rows`,
    caption: `${set.label}: all ${rows.length} rows, as in the final analysis report of STS`,
    columns: [
      ...Array.from({ length: BINS }, (_, bin) => ({ name: `C${bin + 1}` })),
      { name: "P-value_T" },
      { name: "Passed" },
      { name: "Sequences" },
      { name: "Lower bound" },
      { name: "Upper bound" },
      { name: "Probability of as few by chance" },
      { name: "Outside" },
      { name: "Starred by STS" },
      { name: "Test" },
      { name: "Variant" },
    ],
    rows: rows.map((row) => {
      const range = row.applied > 0 ? acceptableProportions(row.applied) : undefined;
      return [
        ...row.bins,
        row.uniformity,
        row.passed,
        row.applied,
        range?.lower ?? null,
        range?.upper ?? null,
        row.applied > 0 ? row.chanceOfAsFew : null,
        row.isOutside ? "yes" : "no",
        row.isStarred ? "yes" : "no",
        row.test,
        row.variant,
      ];
    }),
    isDataOnly: true,
  };
}
