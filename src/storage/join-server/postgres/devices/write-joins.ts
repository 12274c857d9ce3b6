import type { SaveOutcome } from "../../../../join-server/ports/device-store.ts";
import type { PostgresStatements } from "../../../postgres-database.ts";
import type { JoinRow } from "../../join-row.ts";
import type { ColumnValue } from "../../rows/column.ts";
import { JOIN_COLUMNS } from "../../rows/devices/joined-device.ts";
import { arrayLiteral } from "../array-literal.ts";

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
 */
function statementFor(columns: readonly (keyof typeof TYPES)[]): string {
  const arrays = columns.map((column, index) => `$${index + 1}::${TYPES[column]}[]`);
  const hasNonces = columns.includes("dev_nonce");
  const used = `EXISTS (SELECT FROM used_dev_nonces AS used WHERE used.dev_eui = wanted.dev_eui
    AND used.join_eui = wanted.nonce_join_eui AND used.dev_nonce = wanted.dev_nonce)`;
  const record = `, recorded AS (
      INSERT INTO used_dev_nonces (dev_eui, join_eui, dev_nonce)
      SELECT wanted.dev_eui, nonce_join_eui, dev_nonce FROM saved JOIN wanted USING (dev_eui)
      WHERE dev_nonce IS NOT NULL
    )`;
  return `WITH wanted AS MATERIALIZED (
      SELECT * FROM unnest(${arrays.join(", ")}) AS wanted (${columns.join(", ")})
    ), locked AS MATERIALIZED (
      SELECT dev_eui, version FROM devices
      WHERE dev_eui = ANY($1::text[]) FOR NO KEY UPDATE SKIP LOCKED
    ), saved AS (
      UPDATE devices SET version = devices.version + 1,
        ${JOIN_COLUMNS.map((column) => `${column} = wanted.${column}`).join(", ")}
      FROM wanted JOIN locked USING (dev_eui)
      WHERE devices.dev_eui = wanted.dev_eui AND devices.version = wanted.version
        AND devices.sealed_under = wanted.sealed_under ${hasNonces ? `AND NOT ${used}` : ""}
      RETURNING devices.dev_eui
    )${hasNonces ? record : ""}
    SELECT dev_eui, CASE WHEN saved.dev_eui IS NOT NULL THEN 'saved'
      ${hasNonces ? `WHEN ${used} THEN 'dev-nonce-used'` : ""}
      WHEN locked.version <> wanted.version THEN 'version-conflict' END AS outcome
    FROM locked LEFT JOIN saved USING (dev_eui) JOIN wanted USING (dev_eui)`;
}
