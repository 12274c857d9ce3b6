import type { Campaign } from "../../../join-server/campaigns/campaign.ts";
import { type BackupRow, DEVICES, UPDATE_ATTEMPTS } from "./backup-table.ts";
import type { TableSession } from "./table-store.ts";

/** Adds attempts of devices that are there; those on record stay as they are. */
export async function restoreAttempts(
  session: TableSession,
  rows: readonly BackupRow[],
): Promise<void> {
  const ids = [...new Set(rows.map((row) => row["dev_eui"] as string))];
  const present = new Set((await session.find(DEVICES, ids)).map((row) => row["dev_eui"]));
  await session.insert(
    UPDATE_ATTEMPTS,
    rows.filter((row) => present.has(row["dev_eui"])),
  );
}

/**
 * A campaign of a backup waits for an operator: its devices may have gone on since, and nobody should find
 * updates started by the restore.
 */
export function pauseCampaign(row: BackupRow): BackupRow {
  const campaign = JSON.parse(row["campaign"] as string) as Pick<
    Campaign,
    "settings" | "pauseReason"
  >;
  if (row["state"] === "running") {
    const paused = { ...campaign, pauseReason: "restored from a backup" };
    return { ...row, state: "paused", campaign: JSON.stringify(paused) };
  }
  if (row["state"] === "preparing") {
    const settings = { ...campaign.settings, startsPaused: true };
    return { ...row, campaign: JSON.stringify({ ...campaign, settings }) };
  }
  return row;
}
