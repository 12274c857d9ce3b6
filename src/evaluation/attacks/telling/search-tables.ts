import { ALL_SUITES, formatSuite } from "../../../root-key/suite.ts";
import type { Table } from "../../report/section.ts";
import type { AttacksResult } from "../attacks-result.ts";
import {
  bestSearch,
  candidatesPerSecond,
  expectedLog2,
  extrapolatedCoreYears,
  REAL_WIDTH_BITS,
} from "./search-work.ts";

export function searchTable({ searches }: AttacksResult): Table {
  return {
    id: "table-split-search",
    caption: "Searches for both new keys, each half of the key derivation key with w unknown bits",
    columns: [
      { name: "Suite" },
      { name: "Search" },
      { name: "w", unit: "bits" },
      { name: "Updates" },
      { name: "Keys found" },
      { name: "Candidates, mean" },
      { name: "Expected if found" },
      { name: "Time for all", unit: "ms" },
    ],
    rows: searches.map((each) => [
      each.name,
      each.search === "halves" ? "one half, then the other" : "both halves at once",
      each.widthBits,
      each.updates,
      each.found,
      each.meanCandidates,
      2 ** expectedLog2(each.search, each.widthBits),
      each.durationMs,
    ]),
    notes: [
      "A search of one half that finds nothing ends after 2^w candidates.",
      "Each candidate is expanded and tested with the MIC of Join-requests or of NewKeyReadyReq. HKDF has a " +
        "key derivation key of 32 octets, halved likewise.",
    ],
  };
}

/** What the real 64 bits would take, at the rates of this run. */
export function extrapolationTable({ searches, keyingsPerSecond }: AttacksResult): Table {
  return {
    id: "table-split-extrapolation",
    caption: `Extrapolation to ${REAL_WIDTH_BITS} unknown bits in each half, mean of found keys, on one core`,
    columns: [
      { name: "Suite" },
      { name: "Mean work", unit: "log2 of candidates" },
      { name: "This program", unit: "candidates/s", digits: 3 },
      { name: "At its rate", unit: "core-years", digits: 2 },
      { name: "At one keying of Rabbit a candidate", unit: "core-years", digits: 2 },
    ],
    rows: ALL_SUITES.map((suite) => {
      const search = bestSearch(suite);
      const rate = candidatesPerSecond(searches, suite);
      return [
        formatSuite(suite),
        expectedLog2(search, REAL_WIDTH_BITS),
        rate,
        extrapolatedCoreYears(search, rate),
        suite <= 1 ? extrapolatedCoreYears(search, keyingsPerSecond) : null,
      ];
    }),
    notes: [
      `Not measured: the work at ${REAL_WIDTH_BITS} bits is computed from the rates of this run. This program keys Rabbit ` +
        `${Math.round(keyingsPerSecond).toLocaleString("en")} times a second; native code is faster, and special hardware much more so.`,
      "HKDF-SHA-256 has 2^128 candidates in each half of its key derivation key; guessing the 128 unknown bits of " +
        "the old NwkKey instead is less work, and the row is of that.",
    ],
  };
}
