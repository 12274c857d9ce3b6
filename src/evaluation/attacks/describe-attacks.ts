import type { Section } from "../report/section.ts";
import type { AttacksResult } from "./attacks-result.ts";
import { attackFindings } from "./telling/findings.ts";
import { resultTable } from "./telling/result-table.ts";
import { searchFigure } from "./telling/search-figure.ts";
import { extrapolationTable, searchTable } from "./telling/search-tables.ts";

export function describeAttacks(result: AttacksResult): Section {
  return {
    introduction: [
      "What randomness tests and avalanche cannot see: properties of the derivation that somebody can use. Each is a program " +
        "that is run against every suite and either succeeds or fails; what is told here is what it did.",
      "The paper's extractor is a chain of Rabbit blocks, and its Table 2 can be read in four ways: E0 to E3. E1 is suite 0, " +
        "the others are tried for comparison. An update of this project adds to each derivation a context of fixed " +
        "length with identifiers, nonces and session keys.",
    ],
    findings: attackFindings(result),
    blocks: [
      { kind: "table", table: resultTable(result) },
      { kind: "heading", text: "The 64-bit split, scaled down" },
      {
        kind: "text",
        paragraphs: [
          "The attacker knows the old AppKey and the context, not the old NwkKey, and heard two Join-requests and one " +
            "NewKeyReadyReq under the new keys. To bring the search to a size that ends, all but w bits of each half of " +
            "the key derivation key are given. The same holds where kkdk is unknown for another reason: in a healing " +
            "update of suite 0 whoever has both old keys lacks nothing else.",
        ],
      },
      { kind: "figure", figure: searchFigure(result) },
      { kind: "table", table: searchTable(result) },
      { kind: "table", table: extrapolationTable(result) },
    ],
  };
}
