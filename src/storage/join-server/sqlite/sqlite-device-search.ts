import type { DeviceQuery } from "../../../join-server/ports/device-store.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { Row, SqliteDatabase } from "../../sqlite-database.ts";
import { type DeviceCondition, deviceConditions } from "../rows/device-conditions.ts";

/** How many devices one call looks at, whether they are wanted or not: some ten milliseconds. */
const MAX_ROWS_LOOKED_AT = 10_000;

interface Place {
  readonly limit: number;
  /** A DevEUI, or "" for the beginning. */
  readonly after: string;
}

interface Sql {
  readonly text: string;
  readonly values: (string | number)[];
}

/** The rows of a page of devices, in the order of DevEUI, and after which DevEUI the next one starts. */
export function findDeviceRows(
  database: SqliteDatabase,
  query: DeviceQuery,
  { limit, after }: Place,
): { rows: Row[]; next: Eui64 | undefined } {
  const conditions = deviceConditions(query);
  const ranges = conditions.filter(({ column }) => column === "dev_eui");
  const filters = conditions.filter(({ column }) => column !== "dev_eui");
  const start = joinSql([{ text: "dev_eui > ?", values: [after] }, ...ranges.map(conditionSql)]);
  const last = filters.length === 0 ? undefined : lastLookedAt(database, start);
  const end = last === undefined ? [] : [{ text: "dev_eui <= ?", values: [last] }];
  const where = joinSql([start, ...end, ...filters.map(conditionSql)]);
  const found = database.all(
    `SELECT * FROM devices WHERE ${where.text} ORDER BY dev_eui LIMIT ?`,
    ...where.values,
    limit + 1,
  );
  const rows = found.slice(0, limit);
  const next = found.length > limit ? (rows.at(-1)?.["dev_eui"] as Eui64) : last;
  return { rows, next };
}

/** The last DevEUI that one call may look at; undefined when the end comes before. */
function lastLookedAt(database: SqliteDatabase, start: Sql): Eui64 | undefined {
  const row = database.get(
    `SELECT dev_eui FROM devices WHERE ${start.text} ORDER BY dev_eui LIMIT 1 OFFSET ?`,
    ...start.values,
    MAX_ROWS_LOOKED_AT - 1,
  );
  return row?.["dev_eui"] as Eui64 | undefined;
}

function conditionSql(condition: DeviceCondition): Sql {
  if (condition.column === "dev_eui") {
    return { text: "dev_eui >= ? AND dev_eui < ?", values: [condition.from, condition.before] };
  }
  if (condition.column === "search_text") {
    return { text: "instr(search_text, ?) > 0", values: [condition.contains] };
  }
  return { text: `${condition.column} = ?`, values: [condition.equals] };
}

function joinSql(parts: readonly Sql[]): Sql {
  return {
    text: parts.map(({ text }) => text).join(" AND "),
    values: parts.flatMap(({ values }) => values),
  };
}
