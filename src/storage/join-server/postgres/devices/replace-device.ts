import type { Device } from "../../../../join-server/device.ts";
import type { SaveOutcome, UsedDevNonce } from "../../../../join-server/ports/device-store.ts";
import type { PostgresStatements } from "../../../postgres-database.ts";
import {
  COLUMNS_BUT_ATTEMPT,
  DEVICE_COLUMNS,
  type EncodedDevice,
} from "../../rows/device-codec.ts";

interface Statements {
  readonly save: string;
  readonly saveWithNonce: string;
}

const SAVE_WHOLE = statementsFor(DEVICE_COLUMNS);
const SAVE_BUT_ATTEMPT = statementsFor(COLUMNS_BUT_ATTEMPT);

/**
 * One statement, and so one round trip and one transaction, also where two processes save the same device at
 * once. Each works on a snapshot taken as it starts, and in a snapshot the DevNonces on record belong to a
 * version of the device, since they change with it alone. The one that comes second waits for the row,
 * looks at the row as it has become (READ COMMITTED), finds another version and changes nothing; that it has
 * not seen the other's DevNonce does not matter then. The one that finds its version has seen every DevNonce
 * recorded up to that version.
 *
 * @throws WarrenError `storage-failed`
 */
export async function replaceDevice(
  statements: PostgresStatements,
  { devEui, version }: Device,
  save: { readonly encoded: EncodedDevice; readonly nonce: UsedDevNonce | undefined },
): Promise<SaveOutcome> {
  const { sealedUnder, values: columns, leavesAttempt } = save.encoded;
  const sql = leavesAttempt ? SAVE_BUT_ATTEMPT : SAVE_WHOLE;
  const values = [devEui, version, sealedUnder, ...columns];
  if (save.nonce === undefined) {
    return (await statements.run(sql.save, ...values)) === 1 ? "saved" : "version-conflict";
  }
  const { joinEui, devNonce } = save.nonce;
  const row = await statements.get(sql.saveWithNonce, ...values, joinEui, devNonce);
  if (row?.["saved"] === true) return "saved";
  return row?.["used"] === true ? "dev-nonce-used" : "version-conflict";
}

/** $1 to $3 are DevEUI, version and `sealed_under`; the columns follow, then JoinEUI and DevNonce. */
function statementsFor(columns: readonly string[]): Statements {
  const save = `UPDATE devices SET version = version + 1, sealed_under = $3,
    ${columns.map((column, index) => `${column} = $${index + 4}`).join(", ")}
    WHERE dev_eui = $1 AND version = $2`;
  const [joinEui, devNonce] = [`$${columns.length + 4}`, `$${columns.length + 5}`];
  const used = `SELECT FROM used_dev_nonces
    WHERE dev_eui = $1 AND join_eui = ${joinEui} AND dev_nonce = ${devNonce}`;
  const saveWithNonce = `WITH saved AS (
      ${save} AND NOT EXISTS (${used})
      RETURNING dev_eui
    ), recorded AS (
      INSERT INTO used_dev_nonces (dev_eui, join_eui, dev_nonce)
      SELECT dev_eui, ${joinEui}, ${devNonce} FROM saved
    )
    SELECT EXISTS (SELECT FROM saved) AS saved, EXISTS (${used}) AS used`;
  return { save, saveWithNonce };
}
