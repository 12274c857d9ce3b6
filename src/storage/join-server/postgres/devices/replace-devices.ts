import type { SaveOutcome } from "../../../../join-server/ports/device-store.ts";
import type { PostgresStatements } from "../../../postgres-database.ts";
import type { ColumnValue } from "../../rows/column.ts";
import { COLUMNS_OF_JOIN } from "../../rows/device-codec.ts";
import { arrayLiteral } from "../array-literal.ts";
import type { DeviceSave } from "./replace-device.ts";

const COLUMNS = ["dev_eui", "version", "sealed_under", ...COLUMNS_OF_JOIN] as const;
const NONCE_COLUMNS = ["nonce_join_eui", "dev_nonce"] as const;

/** Of the columns that are not text. */
const TYPES: Readonly<Record<string, string>> = {
  version: "bigint",
  sealed_under: "bigint",
  generation: "bigint",
  last_update_id: "integer",
  update_started_at: "bigint",
  update_committed_at: "bigint",
  nwk_key_replaced_at: "bigint",
  generation_since: "bigint",
  generation_sessions: "integer",
  update_not_before: "bigint",
  failed_attempts: "integer",
  join_nonce: "integer",
  last_dev_nonce: "integer",
  rj_count1: "integer",
  root_keys: "bytea",
  sessions: "bytea",
  dev_nonce: "integer",
};

const SAVE = statementFor(COLUMNS);
const SAVE_WITH_NONCES = statementFor([...COLUMNS, ...NONCE_COLUMNS]);

/**
 * Saves several devices, no two of one DevEUI, as `replaceDevice` saves one: with the same conditions, in
 * one statement and so on one snapshot and in one transaction. Waits for no row: of a device that somebody
 * else is about to change it says nothing. So neither can two such statements wait for each other, nor can
 * one device hold up the others.
 *
 * @param saves of `COLUMNS_OF_JOIN`
 * @returns what became of each, in their order; undefined: nothing, it is to be saved by itself
 * @throws WarrenError `storage-failed`, and none is saved then
 */
export async function replaceDevices(
  statements: PostgresStatements,
  saves: readonly DeviceSave[],
): Promise<(SaveOutcome | undefined)[]> {
  const hasNonces = saves.some(({ nonce }) => nonce !== undefined);
  const rows = saves.map(({ device, encoded, nonce }): ColumnValue[] => [
    ...[device.devEui, device.version, encoded.sealedUnder, ...encoded.values],
    ...(hasNonces ? [nonce?.joinEui ?? null, nonce?.devNonce ?? null] : []),
  ]);
  const arrays = (rows[0] ?? []).map((_, column) =>
    arrayLiteral(rows.map((row) => row[column] as ColumnValue)),
  );
  const found = await statements.all(hasNonces ? SAVE_WITH_NONCES : SAVE, ...arrays);
  const outcomes = new Map(found.map((row) => [row["dev_eui"], row["outcome"] as SaveOutcome]));
  return saves.map(({ device }) => outcomes.get(device.devEui));
}

/**
 * Its values are arrays, one a column. In `used` there is nothing newer than in the snapshot that the rows
 * are found in; why that is enough stands at `replaceDevice`.
 */
function statementFor(columns: readonly string[]): string {
  const arrays = columns.map((column, index) => `$${index + 1}::${TYPES[column] ?? "text"}[]`);
  const hasNonces = columns.includes("dev_nonce");
  const used = `EXISTS (SELECT FROM used_dev_nonces AS used WHERE used.dev_eui = wanted.dev_eui
    AND used.join_eui = wanted.nonce_join_eui AND used.dev_nonce = wanted.dev_nonce)`;
  const set = ["sealed_under", ...COLUMNS_OF_JOIN].map((column) => `${column} = wanted.${column}`);
  const record = `, recorded AS (
      INSERT INTO used_dev_nonces (dev_eui, join_eui, dev_nonce)
      SELECT wanted.dev_eui, nonce_join_eui, dev_nonce FROM saved JOIN wanted USING (dev_eui)
      WHERE dev_nonce IS NOT NULL
    )`;
  return `WITH wanted AS MATERIALIZED (
      SELECT * FROM unnest(${arrays.join(", ")}) AS wanted (${columns.join(", ")})
    ), locked AS MATERIALIZED (
      SELECT dev_eui FROM devices WHERE dev_eui = ANY($1::text[]) FOR NO KEY UPDATE SKIP LOCKED
    ), saved AS (
      UPDATE devices SET version = devices.version + 1, ${set.join(", ")}
      FROM wanted JOIN locked USING (dev_eui)
      WHERE devices.dev_eui = wanted.dev_eui AND devices.version = wanted.version
        ${hasNonces ? `AND NOT ${used}` : ""}
      RETURNING devices.dev_eui
    )${hasNonces ? record : ""}
    SELECT dev_eui, CASE WHEN saved.dev_eui IS NOT NULL THEN 'saved'
      ${hasNonces ? `WHEN ${used} THEN 'dev-nonce-used'` : ""} ELSE 'version-conflict' END AS outcome
    FROM locked LEFT JOIN saved USING (dev_eui) JOIN wanted USING (dev_eui)`;
}
