import type { ColumnValue } from "../../rows/column.ts";

/**
 * Values as the text of a one-dimensional array, which PostgreSQL reads for any type of element; octets are
 * for BYTEA. PostgreSQL docs §8.15.6: what is not a plain number stands in quotes, with backslashes.
 */
export function arrayLiteral(values: readonly ColumnValue[]): string {
  return `{${values.map(element).join(",")}}`;
}

function element(value: ColumnValue): string {
  if (value === null) return "NULL";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
  const hex = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex");
  return `"\\\\x${hex}"`;
}
