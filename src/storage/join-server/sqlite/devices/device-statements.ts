import { COLUMNS_BUT_ATTEMPT, DECODED_COLUMNS, DEVICE_COLUMNS } from "../../rows/device-codec.ts";

/**
 * What two joins add to the row of a new device, most of it two sealed sessions of LoRaWAN 1.1. Without room for them the
 * first joins of a fleet would split nearly every page of the table, and write three for one.
 */
const ROOM_BYTES = 256;

/** Not all of it: `room` alone would be a buffer of its own to bring over. */
export const SELECT_DEVICE = `SELECT ${DECODED_COLUMNS} FROM devices WHERE dev_eui = ?`;
/** DevEUI, version, `sealed_under`, `DEVICE_COLUMNS`. */
export const INSERT_DEVICE = `INSERT INTO devices (dev_eui, version, sealed_under, ${DEVICE_COLUMNS.join(", ")}, room)
  VALUES (?, ?, ?, ${DEVICE_COLUMNS.map(() => "?").join(", ")}, zeroblob(${ROOM_BYTES})) ON CONFLICT DO NOTHING`;
export const UPDATE_WHOLE = updatesOf(DEVICE_COLUMNS);
export const UPDATE_BUT_ATTEMPT = updatesOf(COLUMNS_BUT_ATTEMPT);
/** A trigger would do it too, at a third of the cost of an import. */
export const COUNT_DEVICES = "UPDATE counters SET value = value + ? WHERE name = 'devices'";
export const RETIRE_DEVICE = `INSERT OR REPLACE INTO retired_devices
    (dev_eui, version, join_nonce, last_dev_nonce, rj_count1, last_update_id)
  SELECT dev_eui, version, join_nonce, last_dev_nonce, rj_count1, last_update_id
  FROM devices WHERE dev_eui = ?`;
/** What is only of the device that is deleted. */
export const FORGET_DEVICE = ["devices", "update_attempts", "campaign_members"].map(
  (table) => `DELETE FROM ${table} WHERE dev_eui = ?`,
);

/** The first one leaves the index of `sealed_under` alone, which is the same from one rotation to the next. */
function updatesOf(columns: readonly string[]): { update: string; updateAndReseal: string } {
  const set = `version = version + 1, ${columns.map((column) => `${column} = ?`).join(", ")}`;
  return {
    update: `UPDATE devices SET ${set} WHERE dev_eui = ? AND version = ? AND sealed_under = ?`,
    updateAndReseal: `UPDATE devices SET ${set}, sealed_under = ? WHERE dev_eui = ? AND version = ?`,
  };
}
