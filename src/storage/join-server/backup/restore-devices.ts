import type { UpdateStatus } from "../../../root-key/server-state.ts";
import type { BackupRow } from "./backup-table.ts";
import { DEVICES, RETIRED_DEVICES } from "./backup-table.ts";
import { mergeDevice, raised, withNonces } from "./merge-device.ts";
import { insertAll, type TableSession } from "./table-store.ts";

/** What a restore did with devices. */
export interface RestoredDevices {
  added: number;
  replaced: number;
  kept: number;
  /** Not brought back, since they were deleted after the backup. */
  deleted: number;
  /** Whose record is from the backup, with a root key update under way in it. */
  readonly updatesUnderWay: { devEui: string; status: UpdateStatus }[];
}

const UNDER_WAY: readonly unknown[] = [
  "prepared",
  "accepted",
  "confirmed",
] satisfies UpdateStatus[];

export interface RestoreDevicesOptions {
  readonly joinNonceMargin: number;
  readonly report: RestoredDevices;
  /** A device of the store as it may be written there again. */
  readonly refresh: (row: BackupRow) => BackupRow;
}

/** Merges some devices into a store. @param rows sealed for that store */
export async function restoreDevices(
  session: TableSession,
  rows: readonly BackupRow[],
  { joinNonceMargin, report, refresh }: RestoreDevicesOptions,
): Promise<void> {
  const ids = rows.map(idOf);
  const devices = byId(await session.find(DEVICES, ids));
  const retired = byId(await session.find(RETIRED_DEVICES, ids));
  const changed: BackupRow[] = [];
  const retiredAnew: BackupRow[] = [];
  for (const row of rows) {
    const known = { device: devices.get(idOf(row)), retired: retired.get(idOf(row)) };
    const merged = mergeDevice(row, known, joinNonceMargin);
    report[merged.kind] += 1;
    if (merged.kind === "deleted") {
      if (merged.retired !== undefined) retiredAnew.push(merged.retired);
      continue;
    }
    if (merged.device !== undefined) {
      changed.push(merged.kind === "kept" ? refresh(merged.device) : merged.device);
    }
    if (merged.kind !== "kept" && UNDER_WAY.includes(row["update_status"])) {
      const status = row["update_status"] as UpdateStatus;
      report.updatesUnderWay.push({ devEui: idOf(row), status });
    }
  }
  await replace(session, DEVICES, changed, devices);
  await session.erase(
    RETIRED_DEVICES,
    changed.map(idOf).filter((id) => retired.has(id)),
  );
  await replace(session, RETIRED_DEVICES, retiredAnew, retired);
}

/** Merges what is left of deleted devices: nothing is deleted, and no nonce goes back. */
export async function restoreRetired(
  session: TableSession,
  rows: readonly BackupRow[],
  refresh: RestoreDevicesOptions["refresh"],
): Promise<void> {
  const ids = rows.map(idOf);
  const devices = byId(await session.find(DEVICES, ids));
  const retired = byId(await session.find(RETIRED_DEVICES, ids));
  const raisedDevices: BackupRow[] = [];
  const merged: BackupRow[] = [];
  for (const row of rows) {
    const [device, left] = [devices.get(idOf(row)), retired.get(idOf(row))];
    if (device !== undefined) {
      const higher = raised(device, row);
      if (higher !== undefined) raisedDevices.push(refresh(higher));
    } else if (left === undefined) {
      merged.push(row);
    } else {
      const version = Math.max(Number(left["version"]), Number(row["version"]));
      merged.push({ ...withNonces(left, row), version });
    }
  }
  await replace(session, DEVICES, raisedDevices, devices);
  await replace(session, RETIRED_DEVICES, merged, retired);
}

async function replace(
  session: TableSession,
  table: typeof DEVICES,
  rows: readonly BackupRow[],
  present: ReadonlyMap<string, BackupRow>,
): Promise<void> {
  await session.erase(
    table,
    rows.map(idOf).filter((id) => present.has(id)),
  );
  await insertAll(session, table, rows);
}

function byId(rows: readonly BackupRow[]): Map<string, BackupRow> {
  return new Map(rows.map((row) => [idOf(row), row]));
}

function idOf(row: BackupRow): string {
  return row["dev_eui"] as string;
}
