import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { analyseSet } from "../../../src/evaluation/randomness/analysis/analyse-set.ts";
import {
  probabilityByChance,
  probabilityOfAtLeast,
} from "../../../src/evaluation/randomness/analysis/chance.ts";
import {
  acceptableProportions,
  isOutside,
  isStarred,
} from "../../../src/evaluation/randomness/analysis/proportion.ts";
import {
  countInBins,
  uniformityPValue,
} from "../../../src/evaluation/randomness/analysis/uniformity.ts";
import type { RowResult } from "../../../src/evaluation/randomness/result.ts";

const near = (actual: number | null, expected: number, tolerance: number) =>
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected}`,
  );

/**
 * Lines of final analysis reports of STS 2.1.2, all of 100 sequences: bins, P-value, passing sequences, star.
 * From crypto.stackexchange.com/questions/19861 and two public reports of 10^6-bit sequences.
 */
const STS_LINES = `
 13   9   8  11   8  11   5  14  12   9  0.678686     98/100
 12  11  11   7   9  11   8   8  10  13  0.946308     99/100
 13  11  13   8  12   6   7  11  10   9  0.798139     96/100
 10  18   8   8   9   5  12  13  11   6  0.171867    100/100
 13  14   1  10   8  22   2  11  12   7  0.000123     97/100
 10   9  11  12  10   9   8   8  11  12  0.991468     97/100
 14   5   8   5  10  13  13  13   5  14  0.129620     96/100
  7   5   8  19   5  12  10  10  19   5  0.002559     97/100
 11   9   4  10  11  13   9  15   7  11  0.494392     95/100  *
 14   7   9  14   8  13   9   7   8  11  0.637119     95/100  *`;

describe("the proportion of passing sequences", () => {
  it("has the range that section 4.2.1 of the standard prints for 1000 sequences", () => {
    const { lower, upper } = acceptableProportions(1000);
    near(lower, 0.9805607, 5e-8);
    near(upper, 0.99 + 0.0094392, 1.5e-7);
    // Its example: 996 of 1000.
    assert.equal(isOutside(996, 1000), false);
    assert.equal(isOutside(980, 1000), true);
    assert.equal(isOutside(1000, 1000), true);
  });

  it("has a star where STS prints one, which lets one sequence more fail", () => {
    for (const line of STS_LINES.trim().split("\n")) {
      const passed = Number(/(\d+)\/100/.exec(line)?.[1]);
      assert.equal(isStarred(passed, 100), line.includes("*"), line);
    }
    assert.equal(isOutside(96, 100), true);
    assert.equal(isOutside(97, 100), false);
  });

  it("has the least passing numbers that STS prints below its reports", () => {
    for (const [sequences, least] of [
      [100, 96],
      [55, 52],
    ] as const) {
      assert.equal(isStarred(least, sequences), false);
      assert.equal(isStarred(least - 1, sequences), true);
    }
  });
});

describe("the uniformity of P-values", () => {
  it("is that of STS", () => {
    for (const line of STS_LINES.trim().split("\n")) {
      const columns = line.trim().split(/\s+/).map(Number);
      near(uniformityPValue(columns.slice(0, 10)), columns[10] as number, 5e-7);
    }
  });

  it("is not told of fewer than 55 sequences", () => {
    assert.equal(uniformityPValue([6, 6, 6, 6, 6, 6, 6, 6, 6, 0]), null);
    assert.notEqual(uniformityPValue([6, 6, 6, 6, 6, 6, 6, 6, 6, 1]), null);
  });

  it("counts a P-value of 1 in the last bin, and each bound in the bin above it", () => {
    assert.deepEqual(countInBins([0, 0.0999, 0.1, 0.5, 0.9, 1]), [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]);
  });
});

describe("failing by chance", () => {
  it("is the tail of the binomial distribution", () => {
    // The sums of 100! / (k! (100 - k)!) 0.99^k 0.01^(100 - k) up to k = 95 and to k = 96, in exact integers.
    near(probabilityByChance(100, isStarred), 0.003432, 5e-7);
    near(probabilityByChance(100, isOutside), 0.018374, 5e-7);
    near(
      probabilityByChance(1000, () => true),
      1,
      1e-12,
    );
  });

  it("is, for several rows, what enumeration gives", () => {
    const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(probabilities, fc.nat(9), (events, count) => {
        let expected = 0;
        for (let outcome = 0; outcome < 2 ** events.length; outcome++) {
          const happen = events.map((_, index) => ((outcome >> index) & 1) === 1);
          if (happen.filter(Boolean).length >= count) {
            expected += events.reduce((product, p, i) => product * (happen[i] ? p : 1 - p), 1);
          }
        }
        near(probabilityOfAtLeast(count, events), expected, 1e-9);
      }),
    );
  });
});

describe("the analysis of a set", () => {
  const even = [10, 10, 10, 10, 10, 10, 10, 10, 10, 10];
  const row = (passed: number, bins = even): RowResult => {
    const applied = bins.reduce((total, count) => total + count, 0);
    return { test: "frequency", variant: "", applied, passed, bins };
  };
  const setOf = (rows: RowResult[]) =>
    analyseSet({ source: "a", label: "a", kind: "control", description: "", rows });

  it("takes a few failing rows of 188 as chance; many, uneven or very bad ones not", () => {
    const rows = Array.from({ length: 188 }, (_, index) => row(index < 2 ? 95 : 99));
    const few = setOf(rows);
    assert.equal(few.outside.observed, 2);
    near(few.outside.expected, 188 * 0.018374, 1e-3);
    near(few.starred.expected, 188 * 0.003432, 1e-3);
    assert.equal(few.isAsRandom, true);
    const many = setOf(rows.map((each, index) => (index < 20 ? row(96) : each)));
    assert.deepEqual([many.outside.observed, many.starred.observed], [20, 0]);
    assert.equal(many.isAsRandom, false);
    const oneBad = setOf(rows.map((each, index) => (index === 5 ? row(60) : each)));
    assert.ok(oneBad.outside.probability > 0.1);
    assert.equal(oneBad.isAsRandom, false);
    const uneven = [91, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    const unevenRows = rows.map((each, index) => (index < 5 ? row(99, uneven) : each));
    assert.equal(setOf(unevenRows).uneven.observed, 5);
    assert.equal(setOf(unevenRows).isAsRandom, false);
    const oneUneven = setOf(rows.map((each, index) => (index === 5 ? row(99, uneven) : each)));
    assert.ok(oneUneven.uneven.probability > 0.01);
    assert.equal(oneUneven.isAsRandom, false);
  });

  it("leaves rows out that applied to no sequence, and does not judge few sequences", () => {
    const nothing = row(0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const analysis = setOf([nothing, row(3, [3, 0, 0, 0, 0, 0, 0, 0, 0, 0])]);
    assert.equal(analysis.rows[0]?.proportion, null);
    assert.equal(analysis.rows[0]?.isOutside, false);
    assert.equal(analysis.outside.expected, probabilityByChance(3, isOutside));
    assert.equal(analysis.isAsRandom, null);
  });
});
