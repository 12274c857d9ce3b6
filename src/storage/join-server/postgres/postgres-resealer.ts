import type { Resealer } from "../../../join-server/ports/data-key-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import type { PostgresDatabase } from "../../postgres-database.ts";
import { requireCurrentDataKey, withCurrentDataKey } from "../current-data-key.ts";
import type { ColumnValue } from "../rows/column.ts";
import { applicationServerContext, networkServerContext, secretContext } from "../rows/contexts.ts";
import type { DeviceCodec } from "../rows/device-codec.ts";
import { checkSealing } from "./postgres-data-keys.ts";
import { jsonRows } from "./statements/json-rows.ts";

/** Tables with one sealed value a row, besides `devices`. */
const SINGLE_VALUES = [
  { table: "network_servers", key: "net_id", value: "secrets", context: networkServerContext },
  {
    table: "application_servers",
    key: "as_id",
    value: "secrets",
    context: applicationServerContext,
  },
  { table: "secrets", key: "name", value: "value", context: secretContext },
] as const;

/** A join of a device in hand waits for the statement to end: a few milliseconds. */
const MAX_ROWS_A_STATEMENT = 200;
const COUNT_TIMEOUT_MS = 60_000;

const SELECT_OLD_DEVICES = `SELECT dev_eui, version, root_keys, sessions FROM devices
  WHERE sealed_under < $1 LIMIT $2`;
const RESEALED_COLUMNS = ["dev_eui", "version", "root_keys", "sessions"];
/** Leaves a device alone that has changed since it was read. */
const RESEAL_DEVICES = `UPDATE devices
  SET sealed_under = $1, root_keys = resealed.root_keys, sessions = resealed.sessions
  FROM json_populate_recordset(NULL::devices, $2::json) AS resealed
  WHERE devices.dev_eui = resealed.dev_eui AND devices.version = resealed.version
    AND devices.sealed_under < $3`;

/** The sweep of a rotation. */
export class PostgresResealer implements Resealer {
  readonly #database: PostgresDatabase;
  readonly #vault: Vault;
  readonly #codec: DeviceCodec;

  constructor(
    database: PostgresDatabase,
    parts: { readonly vault: Vault; readonly codec: DeviceCodec },
  ) {
    this.#database = database;
    this.#vault = parts.vault;
    this.#codec = parts.codec;
  }

  countSealedBefore(version: number): Promise<number> {
    const count = async (statements: Pick<PostgresDatabase, "get">): Promise<number> => {
      let sum = 0;
      for (const table of ["devices", ...SINGLE_VALUES.map((one) => one.table)]) {
        const sql = `SELECT count(*) AS count FROM ${table} WHERE sealed_under < $1`;
        sum += Number((await statements.get(sql, version))?.["count"]);
      }
      return sum;
    };
    return this.#database.transaction(count, { statementTimeoutMs: COUNT_TIMEOUT_MS });
  }

  async resealSome(version: number, limit: number): Promise<number> {
    let done = 0;
    while (done < limit) {
      const { found, changed } = await this.#resealFew(version, limit - done);
      // Rows that joins have changed meanwhile are sealed anew already, or are found again.
      if (found === 0) return done;
      done += changed;
    }
    return done;
  }

  #resealFew(version: number, limit: number): Promise<{ found: number; changed: number }> {
    return withCurrentDataKey(this.#vault, async () => {
      requireCurrentDataKey(this.#vault.sealingVersion, version);
      const devices = await this.#resealDevices(version, Math.min(limit, MAX_ROWS_A_STATEMENT));
      return devices.found > 0 ? devices : this.#resealSingleValues(version, limit);
    });
  }

  async #resealDevices(
    version: number,
    limit: number,
  ): Promise<{ found: number; changed: number }> {
    const { sealingVersion } = this.#vault;
    const rows = await this.#database.all(SELECT_OLD_DEVICES, version, limit);
    if (rows.length === 0) return { found: 0, changed: 0 };
    const resealed = rows.map((row): ColumnValue[] => {
      const { rootKeys, sessions } = this.#codec.reseal(row);
      return [row["dev_eui"] as string, Number(row["version"]), rootKeys, sessions];
    });
    const json = jsonRows(RESEALED_COLUMNS, resealed);
    const changed = await checkSealing(
      this.#database.run(RESEAL_DEVICES, sealingVersion, json, version),
    );
    return { found: rows.length, changed };
  }

  async #resealSingleValues(
    version: number,
    limit: number,
  ): Promise<{ found: number; changed: number }> {
    let [found, changed] = [0, 0];
    for (const { table, key, value, context } of SINGLE_VALUES) {
      const rows = await this.#database.all(
        `SELECT ${key} AS id, ${value} AS sealed FROM ${table} WHERE sealed_under < $1 LIMIT $2`,
        version,
        limit - found,
      );
      found += rows.length;
      for (const row of rows) {
        const id = row["id"] as string;
        const sealed = row["sealed"] as Uint8Array;
        const { sealingVersion } = this.#vault;
        const again = this.#vault.seal(this.#vault.open(sealed, context(id)), context(id));
        const sql = `UPDATE ${table} SET sealed_under = $1, ${value} = $2
                     WHERE ${key} = $3 AND ${value} = $4`;
        changed += await checkSealing(this.#database.run(sql, sealingVersion, again, id, sealed));
      }
    }
    return { found, changed };
  }
}
