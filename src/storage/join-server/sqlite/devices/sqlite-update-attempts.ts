import type { UpdateAttempt } from "../../../../join-server/root-key-updates/update-attempt.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { SqliteDatabase } from "../../../sqlite-database.ts";
import { decodeAttempt, encodeAttempt, KEPT_ATTEMPTS } from "../../rows/updates/attempt-codec.ts";

const SAVE_ATTEMPT = `INSERT INTO update_attempts (dev_eui, update_id, attempt) VALUES (?, ?, ?)
  ON CONFLICT (dev_eui, update_id) DO UPDATE SET attempt = excluded.attempt`;
const FORGET_OLD = "DELETE FROM update_attempts WHERE dev_eui = ? AND update_id <= ?";
const SELECT_ATTEMPTS = `SELECT attempt FROM update_attempts WHERE dev_eui = ? AND update_id < ?
  ORDER BY update_id DESC LIMIT ?`;

/** Within the transaction of the device's save. */
export function saveAttempts(
  database: SqliteDatabase,
  devEui: Eui64,
  attempts: readonly UpdateAttempt[],
): void {
  for (const attempt of attempts) {
    database.run(SAVE_ATTEMPT, devEui, attempt.updateId, encodeAttempt(attempt));
    database.run(FORGET_OLD, devEui, attempt.updateId - KEPT_ATTEMPTS);
  }
}

/** See `DeviceStore.listUpdateAttempts`. */
export function listAttempts(
  database: SqliteDatabase,
  devEui: Eui64,
  { limit, before }: { readonly limit: number; readonly before: number },
): UpdateAttempt[] {
  return database
    .all(SELECT_ATTEMPTS, devEui, before, limit)
    .map((row) => decodeAttempt(row["attempt"] as string));
}
