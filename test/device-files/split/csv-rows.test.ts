import assert from "node:assert/strict";
import { it } from "node:test";
import { CsvRows } from "../../../src/device-files/split/csv-rows.ts";

it("a row with wrong quotes is told of in its place, however the text comes in", () => {
  const text = 'a;b\n1;2\n""{\n3;4\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const rows = new CsvRows();
    const found = [...rows.push(text.slice(0, cut)), ...rows.push(text.slice(cut)), ...rows.end()];
    assert.deepEqual(
      found.map((row) => [row.line, "problem" in row ? row.problem : Object.values(row.cells)]),
      [
        [2, ["1", "2"]],
        [3, "the quotes of this row do not fit"],
        [4, ["3", "4"]],
      ],
      `cut at ${cut}`,
    );
  }
});
