import type { SqlCondition } from "../../rows/searches/sql-condition.ts";

/** A condition with PostgreSQL's placeholders, `$1`, `$2`, ... in the place of `?`. */
export function numbered({ text, values }: SqlCondition): SqlCondition {
  let count = 0;
  return { text: text.replaceAll("?", () => `$${++count}`), values };
}
