import type { NewDevice } from "../../../../join-server/ports/device-store.ts";
import type { PostgresStatements } from "../../../postgres-database.ts";
import type { ColumnValue } from "../../rows/column.ts";
import { DEVICE_COLUMNS, type DeviceCodec } from "../../rows/device-codec.ts";
import { jsonRows } from "../statements/json-rows.ts";

/** Rows in one statement: some megabyte. */
const ROWS_A_STATEMENT = 1_000;

const COLUMNS = ["dev_eui", "sealed_under", ...DEVICE_COLUMNS];
const NONCE_COLUMNS = ["dev_eui", "join_eui", "dev_nonce"];

const INSERT_DEVICES = `INSERT INTO devices (version, ${COLUMNS.join(", ")})
  SELECT 1, ${COLUMNS.join(", ")} FROM json_populate_recordset(NULL::devices, $1::json)
  ON CONFLICT (dev_eui) DO NOTHING RETURNING dev_eui`;

const INSERT_NONCES = `INSERT INTO used_dev_nonces (${NONCE_COLUMNS.join(", ")})
  SELECT ${NONCE_COLUMNS.join(", ")} FROM json_populate_recordset(NULL::used_dev_nonces, $1::json)
  ON CONFLICT DO NOTHING`;

/** The same as `continueDevice`; `greatest` ignores what is NULL. */
const CONTINUE_DEVICES = `UPDATE devices SET version = retired.version + 1,
    join_nonce = greatest(devices.join_nonce, retired.join_nonce),
    initial_join_nonce = greatest(devices.join_nonce, retired.join_nonce),
    last_dev_nonce = greatest(devices.last_dev_nonce, retired.last_dev_nonce),
    rj_count1 = greatest(devices.rj_count1, retired.rj_count1),
    last_update_id = greatest(devices.last_update_id, retired.last_update_id)
  FROM retired_devices AS retired
  WHERE retired.dev_eui = devices.dev_eui AND devices.dev_eui = ANY($1::text[])`;

/**
 * Adds devices within a transaction, those that are there already left out.
 *
 * What is left of deleted ones is looked up after the rows are in: only then can nobody delete one of them
 * in between.
 *
 * @returns for each device, in order, whether it was added
 */
export async function insertDevices(
  statements: PostgresStatements,
  devices: readonly NewDevice[],
  codec: DeviceCodec,
): Promise<boolean[]> {
  // In one order whoever inserts, so that two imports of the same devices do not wait for each other.
  const inOrder = devices
    .map((added, index) => ({ added, index }))
    .sort((a, b) => (a.added.device.devEui < b.added.device.devEui ? -1 : 1));
  const areAdded = devices.map(() => false);
  for (let start = 0; start < inOrder.length; start += ROWS_A_STATEMENT) {
    const some = inOrder.slice(start, start + ROWS_A_STATEMENT);
    const rows = some.map(({ added: { device } }) => {
      const { sealedUnder, values } = codec.encodeNew(device);
      return [device.devEui, sealedUnder, ...values];
    });
    const inserted = await statements.all(INSERT_DEVICES, jsonRows(COLUMNS, rows));
    const devEuis = new Set(inserted.map((row) => row["dev_eui"] as string));
    await statements.run(CONTINUE_DEVICES, [...devEuis]);
    await statements.run("DELETE FROM retired_devices WHERE dev_eui = ANY($1::text[])", [
      ...devEuis,
    ]);
    const nonces: ColumnValue[][] = [];
    for (const { added, index } of some) {
      // The first of several with one DevEUI is the one that went in.
      areAdded[index] = devEuis.delete(added.device.devEui);
      if (areAdded[index]) nonces.push(...noncesOf(added));
    }
    await insertNonces(statements, nonces);
  }
  return areAdded;
}

async function insertNonces(
  statements: PostgresStatements,
  nonces: readonly ColumnValue[][],
): Promise<void> {
  for (let start = 0; start < nonces.length; start += ROWS_A_STATEMENT) {
    const some = nonces.slice(start, start + ROWS_A_STATEMENT);
    await statements.run(INSERT_NONCES, jsonRows(NONCE_COLUMNS, some));
  }
}

function noncesOf({ device, usedDevNonces }: NewDevice): ColumnValue[][] {
  return usedDevNonces.map(({ joinEui, devNonce }) => [device.devEui, joinEui, devNonce]);
}
