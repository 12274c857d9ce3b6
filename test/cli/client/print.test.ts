import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatMembers, formatTable } from "../../../src/cli/api-client/print.ts";

describe("a table", () => {
  const columns = [
    { heading: "A", text: (row: readonly string[]) => row[0] },
    { heading: "B", text: (row: readonly string[]) => row[1] },
  ];

  it("aligns its columns", () => {
    assert.equal(
      formatTable(columns, [
        ["1", "two"],
        ["three", "4"],
      ]),
      "A      B\n1      two\nthree  4",
    );
  });

  it("is at most 100 characters wide, on one line each", () => {
    const lines = formatTable(columns, [["x".repeat(200), "a\u001b[31m\nb"]]).split("\n");
    assert.equal(lines.length, 2);
    assert.ok(lines.every((line) => line.length <= 100));
    assert.match(lines[1] ?? "", /…/);
    assert.equal(lines[1]?.includes("\u001b"), false);
  });

  it("is nothing without rows", () => {
    assert.equal(formatTable(columns, []), "");
  });
});

describe("members", () => {
  it("leave out what is not there", () => {
    assert.equal(
      formatMembers({ a: 1, longer: "x", none: null, empty: "" }),
      "a       1\nlonger  x",
    );
  });
});
