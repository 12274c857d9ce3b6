import type { UpdateAttempt } from "../../../../join-server/root-key-updates/update-attempt.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { PostgresStatements } from "../../../postgres-database.ts";
import { decodeAttempt, encodeAttempt, KEPT_ATTEMPTS } from "../../rows/updates/attempt-codec.ts";

const SAVE_ATTEMPT = `INSERT INTO update_attempts (dev_eui, update_id, attempt) VALUES ($1, $2, $3)
  ON CONFLICT (dev_eui, update_id) DO UPDATE SET attempt = excluded.attempt`;
const FORGET_OLD = "DELETE FROM update_attempts WHERE dev_eui = $1 AND update_id <= $2";
const SELECT_ATTEMPTS = `SELECT attempt FROM update_attempts WHERE dev_eui = $1 AND update_id < $2
  ORDER BY update_id DESC LIMIT $3`;

/** Within the transaction of the device's save. */
export async function saveAttempts(
  statements: PostgresStatements,
  devEui: Eui64,
  attempts: readonly UpdateAttempt[],
): Promise<void> {
  for (const attempt of attempts) {
    await statements.run(SAVE_ATTEMPT, devEui, attempt.updateId, encodeAttempt(attempt));
    await statements.run(FORGET_OLD, devEui, attempt.updateId - KEPT_ATTEMPTS);
  }
}

/** See `DeviceStore.listUpdateAttempts`. */
export async function listAttempts(
  statements: PostgresStatements,
  devEui: Eui64,
  { limit, before }: { readonly limit: number; readonly before: number },
): Promise<UpdateAttempt[]> {
  const rows = await statements.all(SELECT_ATTEMPTS, devEui, before, limit);
  return rows.map((row) => decodeAttempt(row["attempt"] as string));
}
