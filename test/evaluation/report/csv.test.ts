import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { formatCsv } from "../../../src/evaluation/report/csv.ts";
import { SAMPLE_TABLE } from "./sample-section.ts";

describe("a CSV file", () => {
  it("has a header with units, all digits, and nothing for what does not apply", () => {
    assert.equal(
      formatCsv(SAMPLE_TABLE),
      'what,time (ns),remark\r\n"a <b> & ""c""",1234.5678,"2^64, that is"\r\n' +
        '"=1+1, with a comma",0.000012345,\r\n"line\nbreak",-7,\r\n',
    );
  });

  it("is read back as it was written, to the last digit", () => {
    const cell = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const columns = [{ name: "a" }, { name: "b" }];
        const csv = formatCsv({ ...SAMPLE_TABLE, columns, rows });
        const read = parse(csv, { record_delimiter: "\r\n" });
        assert.deepEqual(
          read.slice(1),
          rows.map((row) => row.map((value) => (value === null ? "" : String(value)))),
        );
      }),
    );
  });
});
