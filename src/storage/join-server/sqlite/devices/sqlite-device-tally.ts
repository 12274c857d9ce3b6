import { setImmediate } from "node:timers/promises";
import type { DeviceTally } from "../../../../join-server/ports/device-store.ts";
import type { SqliteDatabase } from "../../../sqlite-database.ts";
import { TallySum, tallySql } from "../../rows/searches/device-tally.ts";

/** Rows of one slice: some milliseconds. */
const SLICE = 2_000;
const TALLY_SLICE = tallySql("WHERE rowid > ? AND rowid <= ?");

/**
 * Counts in the order in which the rows lie in the file: by DevEUI each would be looked up by itself. No index
 * helps, since every join would have to keep it.
 */
export async function tallyDevices(database: SqliteDatabase): Promise<DeviceTally[]> {
  const sum = new TallySum();
  const last = Number(database.get("SELECT max(rowid) AS last FROM devices")?.["last"] ?? 0);
  for (let start = 0; start < last; start += SLICE) {
    sum.add(database.all(TALLY_SLICE, start, start + SLICE));
    await setImmediate();
  }
  return sum.tallies();
}
