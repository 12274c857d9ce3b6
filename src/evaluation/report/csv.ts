import { stringify } from "csv-stringify/sync";
import type { Table } from "./section.ts";

/**
 * A table as RFC 4180 has it: UTF-8, a header, lines that end in CR LF. Numbers have all their digits and a
 * point; what does not apply is empty. A unit stands in the header in parentheses.
 */
export function formatCsv({ columns, rows }: Table): string {
  const header = columns.map(({ name, unit }) => (unit === undefined ? name : `${name} (${unit})`));
  return stringify([header, ...rows], {
    record_delimiter: "windows",
    // The library quotes only what holds the whole delimiter; readers end a line at either of the two.
    quoted_match: /[\r\n]/,
  });
}
