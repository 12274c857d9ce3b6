import type { ColumnValue } from "../rows/column.ts";

/**
 * Rows as one value of a statement, for `json_to_recordset($n) AS rows (name type, ...)`: however many
 * they are, the statement stays the same and is one round trip.
 */
export function jsonRows(
  columns: readonly string[],
  rows: readonly (readonly ColumnValue[])[],
): string {
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(columns.map((column, index) => [column, json(row[index])])),
    ),
  );
}

/** Octets in PostgreSQL's own notation, which the cast of the column to BYTEA reads. */
function json(value: ColumnValue | undefined): string | number | null {
  if (!(value instanceof Uint8Array)) return value ?? null;
  return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
}
