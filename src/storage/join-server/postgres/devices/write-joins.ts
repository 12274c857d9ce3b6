import type { SaveOutcome } from "../../../../join-server/ports/device-store.ts";
import type { PostgresStatements } from "../../../postgres-database.ts";
import type { JoinRow } from "../../join-row.ts";
import type { ColumnValue } from "../../rows/column.ts";
import { JOIN_COLUMNS } from "../../rows/devices/joined-device.ts";
import { arrayLiteral } from "../statements/array-literal.ts";
import { hiddenArray } from "../statements/hidden-array.ts";

const COLUMNS = ["dev_eui", "version", "sealed_under", ...JOIN_COLUMNS] as const;
const NONCE_COLUMNS = ["nonce_join_eui", "dev_nonce"] as const;

/** Of each column. */
const TYPES: Readonly<
  Record<
    (typeof COLUMNS)[number] | (typeof NONCE_COLUMNS)[number],
    "text" | "bigint" | "integer" | "bytea"
  >
> = {
  dev_eui: "text",
  version: "bigint",
  sealed_under: "bigint",
  generation_sessions: "integer",
  last_gateway_id: "text",
  join_nonce: "integer",
  last_dev_nonce: "integer",
  rj_count1: "integer",
  last_dev_addr: "text",
  last_join_at: "bigint",
  sessions: "bytea",
  nonce_join_eui: "text",
  dev_nonce: "integer",
};

const WRITE = statementFor(COLUMNS);
const WRITE_WITH_NONCES = statementFor([...COLUMNS, ...NONCE_COLUMNS]);

/**
 * Saves several joins, no two of one DevEUI, each with the same conditions as by itself (`replaceDevice`),
 * in one statement and so on one snapshot and in one transaction. Waits for no row: of a device that
 * somebody else is about to change it says nothing. So neither can two such statements wait for each other,
 * nor can one device hold up the others.
 *
 * @returns what became of each, in their order; undefined: nothing, the whole device is to be saved by itself
 * @throws WarrenError `storage-failed`, and none is saved then
 */
export async function writeJoins(
  statements: PostgresStatements,
  rows: readonly JoinRow[],
): Promise<(SaveOutcome | undefined)[]> {
  const hasNonces = rows.some(({ usedDevNonce }) => usedDevNonce !== undefined);
  const values = rows.map(({ devEui, version, sealedUnder, values, usedDevNonce }) => [
    ...[devEui, version, sealedUnder, ...values],
    ...(hasNonces ? [usedDevNonce?.joinEui ?? null, usedDevNonce?.devNonce ?? null] : []),
  ]);
  const arrays = (values[0] ?? []).map((_, column) =>
    arrayLiteral(values.map((row) => row[column] as ColumnValue)),
  );
  const found = await statements.all(hasNonces ? WRITE_WITH_NONCES : WRITE, ...arrays);
  const outcomes = new Map(found.map((row) => [row["dev_eui"], row["outcome"] as SaveOutcome]));
  return rows.map(({ devEui }) => outcomes.get(devEui) ?? undefined);
}

/**
 * Its values are arrays, one a column. A row whose root keys are sealed under another data key than the
 * sessions would be is left alone. In `used` there is nothing newer than in the snapshot that the rows are
 * found in; why that is enough stands at `replaceDevice`.
 *
 * Each row is looked up once, and changed where it was locked (`ctid`). What was locked may be newer than the
 * snapshot, if somebody has just saved it: then its version is another, and nothing is changed.
 */
function statementFor(columns: readonly (keyof typeof TYPES)[]): string {
  const arrays = columns.map((column, index) => hiddenArray(index + 1, TYPES[column]));
  const hasNonces = columns.includes("dev_nonce");
  const used = `EXISTS (SELECT FROM used_dev_nonces AS used WHERE used.dev_eui = asked.dev_eui
    AND used.join_eui = asked.nonce_join_eui AND used.dev_nonce = asked.dev_nonce)`;
  const record = `, recorded AS (
      INSERT INTO used_dev_nonces (dev_eui, join_eui, dev_nonce)
      SELECT wanted.dev_eui, nonce_join_eui, dev_nonce FROM saved JOIN wanted USING (dev_eui)
      WHERE dev_nonce IS NOT NULL
    )`;
  return `WITH wanted AS MATERIALIZED (
      SELECT asked.*, locked.place, locked.version = asked.version AS is_version,
        locked.sealed_under = asked.sealed_under AS is_data_key, ${hasNonces ? used : "FALSE"} AS is_used
      FROM unnest(${arrays.join(", ")}) AS asked (${columns.join(", ")})
      CROSS JOIN LATERAL (
        SELECT ctid AS place, version, sealed_under FROM devices
        WHERE devices.dev_eui = asked.dev_eui FOR NO KEY UPDATE SKIP LOCKED
      ) AS locked
    ), saved AS (
      UPDATE devices SET version = devices.version + 1,
        ${JOIN_COLUMNS.map((column) => `${column} = wanted.${column}`).join(", ")}
      FROM wanted
      WHERE devices.ctid = wanted.place AND is_version AND is_data_key AND NOT is_used
      RETURNING devices.dev_eui
    )${hasNonces ? record : ""}
    SELECT dev_eui, 'saved' AS outcome FROM saved
    UNION ALL
    SELECT dev_eui, CASE WHEN is_used THEN 'dev-nonce-used' ELSE 'version-conflict' END
    FROM wanted WHERE is_used OR NOT is_version`;
}
