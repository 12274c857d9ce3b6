import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ReportBuilder } from "../../../web/src/pages/import/run/import-report.ts";

type Answer = Parameters<ReportBuilder["add"]>[1];

const PARTS = [
  { text: "", headingLines: 1, firstLine: 2 },
  { text: "", headingLines: 1, firstLine: 12 },
] as const;

function reportOf(...answers: readonly Answer["records"][]) {
  const builder = new ReportBuilder();
  for (const [index, records] of answers.entries()) {
    builder.add(PARTS[index] as (typeof PARTS)[number], { format: "tts-csv", records });
  }
  return builder.report();
}

describe("what was said of a file", () => {
  it("has the lines of the file and counts all parts", () => {
    const report = reportOf(
      [
        { record: 1, line: 2, devEui: "01", outcome: "created", warnings: ["its NwkKey is weak"] },
        { record: 2, line: 3, outcome: "error", code: "text-malformed", detail: "no DevEUI" },
      ],
      [{ record: 1, line: 2, devEui: "02", outcome: "unchanged" }],
    );
    assert.deepEqual(report.counts, { created: 1, unchanged: 1, different: 0, error: 1 });
    assert.equal(report.warnings, 1);
    assert.deepEqual(
      report.records.map(({ line, outcome, words }) => [line, outcome, words]),
      [
        [2, "created", ["its NwkKey is weak"]],
        [3, "error", ["no DevEUI"]],
        [12, "unchanged", []],
      ],
    );
  });

  it("tells a DevEUI that comes again, in the same part or a later one, with the line of the first", () => {
    const again = { devEui: "01", outcome: "error", code: "write-conflict" } as const;
    const { records, counts } = reportOf(
      [
        { record: 1, line: 2, devEui: "01", outcome: "created" },
        { record: 2, line: 3, ...again, detail: "record 1 has the same DevEUI" },
      ],
      // In a real import the first is on record by then.
      [
        { record: 1, line: 2, devEui: "01", outcome: "unchanged" },
        { record: 2, line: 3, devEui: "01", outcome: "different", code: "write-conflict" },
        { record: 3, line: 4, devEui: "01", outcome: "error", code: "key-malformed", detail: "x" },
      ],
    );
    assert.equal(counts.error, 4);
    const told = "line 2 has the same DevEUI; leave one of them out";
    assert.deepEqual(
      records.slice(1).map(({ line, code, words }) => [line, code, ...words]),
      [
        [3, "write-conflict", told],
        [12, "write-conflict", told],
        [13, "write-conflict", told],
        [14, "key-malformed", "x"],
      ],
    );
  });

  it("lets a device follow a record of it that had an error", () => {
    const { records } = reportOf([
      { record: 1, line: 2, devEui: "01", outcome: "error", code: "key-malformed", detail: "x" },
      { record: 2, line: 3, devEui: "01", outcome: "created" },
    ]);
    assert.deepEqual(
      records.map(({ outcome }) => outcome),
      ["error", "created"],
    );
  });
});
