import type {
  DevEuiPage,
  DeviceQuery,
  DueQuery,
} from "../../../../join-server/ports/device-store.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { PostgresDatabase, PostgresRow } from "../../../postgres-database.ts";
import { DECODED_COLUMNS } from "../../rows/device-codec.ts";
import { SUMMARY_COLUMNS } from "../../rows/device-summary-codec.ts";
import { type DeviceConditions, deviceConditions } from "../../rows/searches/device-conditions.ts";
import { allOf, type SqlCondition } from "../../rows/searches/sql-condition.ts";
import { dueConditions } from "../../rows/searches/update-conditions.ts";
import { numbered } from "../statements/numbered.ts";

export const SELECT_DEVICE = `SELECT ${DECODED_COLUMNS} FROM devices`;

/** How many devices one statement looks at, whether they are wanted or not. */
const MAX_ROWS_LOOKED_AT = 10_000;

interface Place {
  readonly limit: number;
  /** A DevEUI, or "" for the beginning. */
  readonly after: string;
}

/** Part of an answer, as rows. */
export interface DeviceRows {
  readonly rows: PostgresRow[];
  readonly next: Eui64 | undefined;
}

/** The rows of a page of devices, in the order of DevEUI, and after which DevEUI the next one starts. */
export function findDeviceRows(
  database: PostgresDatabase,
  query: DeviceQuery,
  place: Place,
): Promise<DeviceRows> {
  return findRows(database, DECODED_COLUMNS, deviceConditions(query, "strpos"), place);
}

/** As `findDeviceRows`, with the columns of a summary. */
export function findSummaryRows(
  database: PostgresDatabase,
  query: DeviceQuery,
  place: Place,
): Promise<DeviceRows> {
  return findRows(database, SUMMARY_COLUMNS, deviceConditions(query, "strpos"), place);
}

/** As `findDeviceRows`, and only their DevEUIs. */
export async function findDevEuis(
  database: PostgresDatabase,
  conditions: DeviceConditions,
  place: Place,
): Promise<DevEuiPage> {
  const { rows, next } = await findRows(database, "dev_eui", conditions, place);
  return { devEuis: rows.map((row) => row["dev_eui"] as Eui64), next };
}

/** DevEUIs in their order, fewer than the limit only at the end. */
export async function findDueDevEuis(
  database: PostgresDatabase,
  query: DueQuery,
  { limit, after }: Place,
): Promise<Eui64[]> {
  const conditions = dueConditions(query);
  const found: Eui64[] = [];
  let start: string | undefined = conditions && after;
  while (conditions !== undefined && start !== undefined && found.length < limit) {
    const place = { limit: limit - found.length, after: start };
    const { devEuis, next } = await findDevEuis(database, conditions, place);
    found.push(...devEuis);
    start = next;
  }
  return found;
}

async function findRows(
  database: PostgresDatabase,
  columns: string,
  { range, filters }: DeviceConditions,
  { limit, after }: Place,
): Promise<DeviceRows> {
  const start = allOf([{ text: "dev_eui > ?", values: [after] }, ...range]);
  const last = filters.length === 0 ? undefined : await lastLookedAt(database, start);
  const end = last === undefined ? [] : [{ text: "dev_eui <= ?", values: [last] }];
  const where = numbered(allOf([start, ...end, ...filters]));
  const found = await database.all(
    `SELECT ${columns} FROM devices WHERE ${where.text} ORDER BY dev_eui LIMIT ${limit + 1}`,
    ...where.values,
  );
  const rows = found.slice(0, limit);
  const next = found.length > limit ? (rows.at(-1)?.["dev_eui"] as Eui64) : last;
  return { rows, next };
}

/** The last DevEUI that one call may look at; undefined when the end comes before. */
async function lastLookedAt(
  database: PostgresDatabase,
  start: SqlCondition,
): Promise<Eui64 | undefined> {
  const { text, values } = numbered(start);
  const row = await database.get(
    `SELECT dev_eui FROM devices WHERE ${text}
     ORDER BY dev_eui LIMIT 1 OFFSET ${MAX_ROWS_LOOKED_AT - 1}`,
    ...values,
  );
  return row?.["dev_eui"] as Eui64 | undefined;
}
