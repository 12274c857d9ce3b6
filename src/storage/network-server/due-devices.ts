import type { RootKeyLimits, SessionLimits } from "../../network-server/store.ts";
import type { Row, SqliteDatabase } from "../sqlite-database.ts";

/** Neither ABP nor asked for lately, with no command on its way down. ?1 is now, ?2 to ?4 the limits. */
const ASKABLE = `SELECT device.dev_eui FROM device JOIN session USING (dev_eui)
  WHERE slot = 'current' AND abp_dev_addr IS NULL AND ask_not_before <= ?1
    AND (root_key_command IS NULL OR root_key_repeats_left = 0)`;
const FIRST_ASKED_FIRST = "ORDER BY ask_not_before LIMIT ?5";
/** Looks at every device. */
const ROOT_KEYS_DUE = `${ASKABLE}
  AND (?2 > 0 AND root_keys_since <= ?1 - ?2 OR ?3 > 0 AND root_keys_frames >= ?3
    OR ?4 > 0 AND root_keys_sessions >= ?4 OR root_keys_frames >= root_key_max_frames)
  ${FIRST_ASKED_FIRST}`;
/** Where this server has no limits of its own an index has those that are due. */
const ROOT_KEYS_DUE_BY_JOIN_SERVER = `${ASKABLE}
  AND root_keys_frames >= root_key_max_frames AND ?2 + ?3 + ?4 = 0
  ${FIRST_ASKED_FIRST}`;

/** When, in epoch ms, and how many at most. */
interface Asked {
  readonly now: number;
  readonly count: number;
}

/** Devices with a session whose root keys have reached a limit: their DevEUIs. */
export function rootKeyUpdatesDue(
  database: SqliteDatabase,
  { afterMs, afterFrames, afterSessions }: RootKeyLimits,
  { now, count }: Asked,
): readonly Row[] {
  const hasLimits = afterMs > 0 || afterFrames > 0 || afterSessions > 0;
  return database.all(
    hasLimits ? ROOT_KEYS_DUE : ROOT_KEYS_DUE_BY_JOIN_SERVER,
    now,
    afterMs,
    afterFrames,
    afterSessions,
    count,
  );
}

/** Devices whose 1.1 session has reached a limit: their DevEUIs. */
export function sessionUpdatesDue(
  database: SqliteDatabase,
  { afterMs, afterFrames, retryMs }: SessionLimits,
  { now, count }: Asked,
): readonly Row[] {
  if (afterMs === 0 && afterFrames === 0) return [];
  return database.all(
    `SELECT device.dev_eui FROM device JOIN session USING (dev_eui)
     WHERE slot = 'current' AND abp_dev_addr IS NULL AND version = '1.1'
       AND coalesce(session_update_asked_at, 0) <= ?1 - ?4
       AND (?2 > 0 AND created_at <= ?1 - ?2 OR ?3 > 0 AND frame_count >= ?3)
     ORDER BY session_update_asked_at LIMIT ?5`,
    now,
    afterMs,
    afterFrames,
    retryMs,
    count,
  );
}
