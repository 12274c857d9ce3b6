import type { ColumnValue } from "../../rows/column.ts";

/**
 * Rows as one value of a statement, for `json_populate_recordset(NULL::<table>, $n::json)`: however many
 * they are, the statement stays the same and is one round trip. What is NULL is left out.
 */
export function jsonRows(
  columns: readonly string[],
  rows: readonly (readonly ColumnValue[])[],
): string {
  return JSON.stringify(
    rows.map((row) => {
      const members: Record<string, string | number> = {};
      for (const [index, column] of columns.entries()) {
        const value = row[index];
        if (value !== null && value !== undefined) members[column] = json(value);
      }
      return members;
    }),
  );
}

/** Octets in PostgreSQL's own notation, which a column of type BYTEA reads. */
function json(value: string | number | Uint8Array): string | number {
  if (!(value instanceof Uint8Array)) return value;
  return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
}
