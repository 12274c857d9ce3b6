import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AttacksResult } from "../../../src/evaluation/attacks/attacks-result.ts";
import { attackFindings } from "../../../src/evaluation/attacks/telling/findings.ts";
import { resultTable } from "../../../src/evaluation/attacks/telling/result-table.ts";
import { extrapolationTable } from "../../../src/evaluation/attacks/telling/search-tables.ts";
import { ALL_SUITES, formatSuite, Suite } from "../../../src/root-key/suite.ts";

/** Seconds of a year of 365.25 days, and a million candidates in each of them. */
const YEAR_S = 31_557_600;
const PER_SECOND = 1e6;

/** Every search tries a thousand candidates a millisecond. */
const result: AttacksResult = {
  seed: "test",
  searches: ALL_SUITES.map((suite) => ({
    suite,
    name: formatSuite(suite),
    search: "halves",
    widthBits: 10,
    updates: 2,
    found: suite === Suite.RabbitSplit ? 2 : 0,
    meanCandidates: 1000,
    durationMs: 2,
  })),
  keyingsPerSecond: 2 * PER_SECOND,
  structural: [],
  followed: [],
  missedNonces: [
    {
      suite: Suite.Rabbit,
      name: "rabbit",
      kind: "plain",
      widthBits: 16,
      candidates: 3000,
      durationMs: 3000,
      isFound: true,
    },
  ],
};

describe("what attacks would take at their real size", () => {
  it("is 2^64 candidates on average for suite 0, and 2^127 for 128 unknown bits", () => {
    const rows = extrapolationTable(result).rows;
    const years = (log2: number, perSecond: number) => 2 ** log2 / perSecond / YEAR_S;
    assert.deepEqual(rows, [
      ["rabbit-split", 64, PER_SECOND, years(64, PER_SECOND), years(64, 2 * PER_SECOND)],
      ["rabbit", 127, PER_SECOND, years(127, PER_SECOND), years(127, 2 * PER_SECOND)],
      ["aes-cmac", 127, PER_SECOND, years(127, PER_SECOND), null],
      ["hkdf-sha256", 127, PER_SECOND, years(127, PER_SECOND), null],
    ]);
  });

  it("is told of the split with two digits", () => {
    // 2^64 / 2,000,000 / 31,557,600 are 292,271 years.
    assert.match(
      attackFindings(result)[0]!.evidence,
      /290,000 core-years at the 2,000,000 keyings/,
    );
  });

  it("is half of 2^32 candidates for a nonce that was not heard", () => {
    // 2^31 ms, one candidate in each, are 597 hours.
    const cost = String(resultTable(result).rows.at(-1)?.[3]);
    assert.match(cost, /with 16 bits of the nonce unknown; for all 32 about 597 core-hours/);
  });
});
