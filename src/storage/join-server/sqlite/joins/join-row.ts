import { WarrenError } from "../../../../errors.ts";
import type { SqliteDatabase } from "../../../sqlite-database.ts";
import type { JoinRow } from "../../join-row.ts";
import { JOIN_COLUMNS } from "../../rows/devices/joined-device.ts";

/**
 * What became of a row. After `sealed-otherwise` the version is as it was read, but the root keys of the row
 * are sealed under another data key than the sessions would be; the whole row has to be written then.
 */
export type JoinOutcome =
  | "saved"
  | "version-conflict"
  | "dev-nonce-used"
  | "sealed-otherwise"
  | "old-data-key";

/** The `room` of a new device is what the join takes up. */
const UPDATE_JOIN = `UPDATE devices SET version = version + 1, room = NULL,
    ${JOIN_COLUMNS.map((column) => `${column} = ?`).join(", ")}
  WHERE dev_eui = ? AND version = ? AND sealed_under = ?`;
const SELECT_VERSION = "SELECT 1 FROM devices WHERE dev_eui = ? AND version = ?";
export const INSERT_NONCE = "INSERT INTO used_dev_nonces VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
export const SELECT_NONCE =
  "SELECT 1 FROM used_dev_nonces WHERE dev_eui = ? AND join_eui = ? AND dev_nonce = ?";
const LEAST_VERSION = "SELECT value FROM counters WHERE name = 'least-sealing-version'";

/**
 * Writes rows in one transaction, each for itself: one that cannot be written keeps no other one back. All
 * outcomes hold once this returns, and what is `saved` is on disk.
 *
 * @throws WarrenError `storage-failed`, and then none is written
 */
export function writeJoinRows(database: SqliteDatabase, rows: readonly JoinRow[]): JoinOutcome[] {
  return database.transaction(() => {
    const leastVersion = Number(database.get(LEAST_VERSION)?.["value"]);
    return rows.map((row) =>
      row.sealedUnder < leastVersion ? "old-data-key" : writeRow(database, row),
    );
  });
}

/**
 * `writeJoinRows`; when the database refuses them all, one at a time: perhaps it is only one that it refuses.
 *
 * @returns undefined for each that was refused, and nothing of it is written
 */
export function writeOrRefuse(
  database: SqliteDatabase,
  rows: readonly JoinRow[],
): (JoinOutcome | undefined)[] {
  try {
    return writeJoinRows(database, rows);
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    return rows.length === 1 ? [undefined] : rows.map((row) => writeOrRefuse(database, [row])[0]);
  }
}

function writeRow(database: SqliteDatabase, row: JoinRow): JoinOutcome {
  const { devEui, version, sealedUnder, values, usedDevNonce } = row;
  const nonce = usedDevNonce && [devEui, usedDevNonce.joinEui, usedDevNonce.devNonce];
  if (nonce && database.get(SELECT_NONCE, ...nonce) !== undefined) return "dev-nonce-used";
  if (database.run(UPDATE_JOIN, ...values, devEui, version, sealedUnder) === 0) {
    const isVersion = database.get(SELECT_VERSION, devEui, version) !== undefined;
    return isVersion ? "sealed-otherwise" : "version-conflict";
  }
  if (nonce) database.run(INSERT_NONCE, ...nonce);
  return "saved";
}
