import type { DeviceQuery } from "../../../../join-server/ports/device-store.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { PostgresDatabase, PostgresRow } from "../../../postgres-database.ts";
import { DEVICE_COLUMNS } from "../../rows/device-codec.ts";
import { type DeviceCondition, deviceConditions } from "../../rows/device-conditions.ts";

/** Columns by name, since a newer program may have added some. */
export const SELECT_DEVICE = `SELECT dev_eui, version, ${DEVICE_COLUMNS.join(", ")} FROM devices`;

/** How many devices one call looks at, whether they are wanted or not. */
const MAX_ROWS_LOOKED_AT = 10_000;

interface Place {
  readonly limit: number;
  /** A DevEUI, or "" for the beginning. */
  readonly after: string;
}

/** The rows of a page of devices, in the order of DevEUI, and after which DevEUI the next one starts. */
export async function findDeviceRows(
  database: PostgresDatabase,
  query: DeviceQuery,
  { limit, after }: Place,
): Promise<{ rows: PostgresRow[]; next: Eui64 | undefined }> {
  const conditions = deviceConditions(query);
  const range = new Where("dev_eui > ?", after);
  for (const condition of conditions) {
    if (condition.column === "dev_eui") addCondition(range, condition);
  }
  const filters = conditions.filter(({ column }) => column !== "dev_eui");
  const last = filters.length === 0 ? undefined : await lastLookedAt(database, range);
  if (last !== undefined) range.and("dev_eui <= ?", last);
  for (const filter of filters) addCondition(range, filter);
  const found = await database.all(
    `${SELECT_DEVICE} WHERE ${range.text} ORDER BY dev_eui LIMIT ${limit + 1}`,
    ...range.values,
  );
  const rows = found.slice(0, limit);
  const next = found.length > limit ? (rows.at(-1)?.["dev_eui"] as Eui64) : last;
  return { rows, next };
}

/** The last DevEUI that one call may look at; undefined when the end comes before. */
async function lastLookedAt(database: PostgresDatabase, range: Where): Promise<Eui64 | undefined> {
  const row = await database.get(
    `SELECT dev_eui FROM devices WHERE ${range.text}
     ORDER BY dev_eui LIMIT 1 OFFSET ${MAX_ROWS_LOOKED_AT - 1}`,
    ...range.values,
  );
  return row?.["dev_eui"] as Eui64 | undefined;
}

function addCondition(where: Where, condition: DeviceCondition): void {
  if (condition.column === "dev_eui") {
    where.and("dev_eui >= ?", condition.from);
    where.and("dev_eui < ?", condition.before);
  } else if (condition.column === "search_text") {
    where.and("strpos(search_text, ?) > 0", condition.contains);
  } else {
    where.and(`${condition.column} = ?`, condition.equals);
  }
}

/** Conditions that must all hold. */
class Where {
  text = "";
  readonly values: (string | number)[] = [];

  constructor(condition: string, value: string | number) {
    this.and(condition, value);
  }

  /** @param condition with `?` for the value */
  and(condition: string, value: string | number): void {
    this.values.push(value);
    const numbered = condition.replace("?", `$${this.values.length}`);
    this.text += this.text === "" ? numbered : ` AND ${numbered}`;
  }
}
