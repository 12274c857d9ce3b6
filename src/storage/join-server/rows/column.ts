/** What a column holds; a truth value is 0 or 1. */
export type ColumnValue = string | number | null | Uint8Array;

/** A row as a database gives it: by column, integers perhaps as decimal text. */
export type StoredRow = Readonly<Record<string, unknown>>;

export function numberOf(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
