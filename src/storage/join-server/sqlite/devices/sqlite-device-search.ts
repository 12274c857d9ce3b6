import { setImmediate } from "node:timers/promises";
import type {
  DevEuiPage,
  DeviceQuery,
  DueQuery,
} from "../../../../join-server/ports/device-store.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { Row, SqliteDatabase } from "../../../sqlite-database.ts";
import { DECODED_COLUMNS } from "../../rows/device-codec.ts";
import { SUMMARY_COLUMNS } from "../../rows/device-summary-codec.ts";
import { type DeviceConditions, deviceConditions } from "../../rows/searches/device-conditions.ts";
import { allOf, type SqlCondition } from "../../rows/searches/sql-condition.ts";
import { dueConditions } from "../../rows/searches/update-conditions.ts";

/** How many devices one look at the table takes, whether they are wanted or not: some ten milliseconds. */
const MAX_ROWS_LOOKED_AT = 10_000;

interface Place {
  readonly limit: number;
  /** A DevEUI, or "" for the beginning. */
  readonly after: string;
}

/** Part of an answer, as rows. */
export interface DeviceRows {
  readonly rows: Row[];
  readonly next: Eui64 | undefined;
}

/** The rows of a page of devices, in the order of DevEUI, and after which DevEUI the next one starts. */
export function findDeviceRows(
  database: SqliteDatabase,
  query: DeviceQuery,
  place: Place,
): DeviceRows {
  return findRows(database, DECODED_COLUMNS, deviceConditions(query, "instr"), place);
}

/** As `findDeviceRows`, with the columns of a summary. */
export function findSummaryRows(
  database: SqliteDatabase,
  query: DeviceQuery,
  place: Place,
): DeviceRows {
  return findRows(database, SUMMARY_COLUMNS, deviceConditions(query, "instr"), place);
}

/** As `findDeviceRows`, and only their DevEUIs. */
export function findDevEuis(
  database: SqliteDatabase,
  conditions: DeviceConditions,
  place: Place,
): DevEuiPage {
  const { rows, next } = findRows(database, "dev_eui", conditions, place);
  return { devEuis: rows.map((row) => row["dev_eui"] as Eui64), next };
}

/** DevEUIs in their order, fewer than the limit only at the end; joins go on in between. */
export async function findDueDevEuis(
  database: SqliteDatabase,
  query: DueQuery,
  { limit, after }: Place,
): Promise<Eui64[]> {
  const conditions = dueConditions(query);
  const found: Eui64[] = [];
  let start: string | undefined = conditions && after;
  while (conditions !== undefined && start !== undefined && found.length < limit) {
    const place = { limit: limit - found.length, after: start };
    const { devEuis, next } = findDevEuis(database, conditions, place);
    found.push(...devEuis);
    start = next;
    await setImmediate();
  }
  return found;
}

function findRows(
  database: SqliteDatabase,
  columns: string,
  { range, filters }: DeviceConditions,
  { limit, after }: Place,
): DeviceRows {
  const start = allOf([{ text: "dev_eui > ?", values: [after] }, ...range]);
  const last = filters.length === 0 ? undefined : lastLookedAt(database, start);
  const end = last === undefined ? [] : [{ text: "dev_eui <= ?", values: [last] }];
  const where = allOf([start, ...end, ...filters]);
  const found = database.all(
    `SELECT ${columns} FROM devices WHERE ${where.text} ORDER BY dev_eui LIMIT ?`,
    ...where.values,
    limit + 1,
  );
  const rows = found.slice(0, limit);
  const next = found.length > limit ? (rows.at(-1)?.["dev_eui"] as Eui64) : last;
  return { rows, next };
}

/** The last DevEUI that one call may look at; undefined when the end comes before. */
function lastLookedAt(database: SqliteDatabase, start: SqlCondition): Eui64 | undefined {
  const row = database.get(
    `SELECT dev_eui FROM devices WHERE ${start.text} ORDER BY dev_eui LIMIT 1 OFFSET ?`,
    ...start.values,
    MAX_ROWS_LOOKED_AT - 1,
  );
  return row?.["dev_eui"] as Eui64 | undefined;
}
