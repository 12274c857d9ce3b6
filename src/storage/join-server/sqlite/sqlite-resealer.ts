import { setImmediate } from "node:timers/promises";
import type { Resealer } from "../../../join-server/ports/data-key-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import type { Row, SqliteDatabase } from "../../sqlite-database.ts";
import { requireCurrentDataKey, withCurrentDataKey } from "../current-data-key.ts";
import { applicationServerContext, networkServerContext, secretContext } from "../rows/contexts.ts";
import type { DeviceCodec } from "../rows/device-codec.ts";
import type { SqliteDataKeys } from "./sqlite-data-keys.ts";

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

/** An UPDATE that changes nothing when the row is no longer as it was read. */
interface Change {
  readonly sql: string;
  readonly values: readonly (string | number | Uint8Array)[];
}

/** Most of it in one transaction, during which no join is stored: a few milliseconds. */
const MAX_ROWS_A_TRANSACTION = 200;

const SELECT_OLD_DEVICES =
  "SELECT dev_eui, version, root_keys, sessions FROM devices WHERE sealed_under < ? LIMIT ?";
const RESEAL_DEVICE = `UPDATE devices SET sealed_under = ?, root_keys = ?, sessions = ?
  WHERE dev_eui = ? AND version = ? AND sealed_under < ?`;

/** The sweep of a rotation. */
export class SqliteResealer implements Resealer {
  readonly #database: SqliteDatabase;
  readonly #vault: Vault;
  readonly #codec: DeviceCodec;
  readonly #dataKeys: SqliteDataKeys;

  constructor(
    database: SqliteDatabase,
    parts: {
      readonly vault: Vault;
      readonly codec: DeviceCodec;
      readonly dataKeys: SqliteDataKeys;
    },
  ) {
    this.#database = database;
    this.#vault = parts.vault;
    this.#codec = parts.codec;
    this.#dataKeys = parts.dataKeys;
  }

  countSealedBefore(version: number): Promise<number> {
    return Promise.try(() => {
      const counts = ["devices", ...SINGLE_VALUES.map(({ table }) => table)].map((table) => {
        const sql = `SELECT count(*) AS count FROM ${table} WHERE sealed_under < ?`;
        return Number(this.#database.get(sql, version)?.["count"]);
      });
      return counts.reduce((sum, count) => sum + count, 0);
    });
  }

  async resealSome(version: number, limit: number): Promise<number> {
    let done = 0;
    while (done < limit) {
      const count = Math.min(limit - done, MAX_ROWS_A_TRANSACTION);
      const { found, changed } = await this.#resealFew(version, count);
      // Rows that joins have changed meanwhile are sealed anew already, or are found again.
      if (found === 0) return done;
      done += changed;
      await setImmediate();
    }
    return done;
  }

  #resealFew(version: number, limit: number): Promise<{ found: number; changed: number }> {
    return withCurrentDataKey(this.#vault, () => {
      const sealedUnder = this.#vault.sealingVersion;
      requireCurrentDataKey(sealedUnder, version);
      const changes = this.#changesOf(version, limit);
      const changed = this.#database.transaction(() => {
        this.#dataKeys.requireCurrent(sealedUnder);
        return changes.reduce(
          (sum, { sql, values }) => sum + this.#database.run(sql, ...values),
          0,
        );
      });
      return { found: changes.length, changed };
    });
  }

  #changesOf(version: number, limit: number): Change[] {
    const devices = this.#database.all(SELECT_OLD_DEVICES, version, limit);
    const changes = devices.map((row) => this.#changeOfDevice(row, version));
    for (const { table, key, value, context } of SINGLE_VALUES) {
      if (changes.length === limit) break;
      const rows = this.#database.all(
        `SELECT ${key} AS id, ${value} AS sealed FROM ${table} WHERE sealed_under < ? LIMIT ?`,
        version,
        limit - changes.length,
      );
      const sql = `UPDATE ${table} SET sealed_under = ?, ${value} = ? WHERE ${key} = ? AND ${value} = ?`;
      changes.push(
        ...rows.map((row) => {
          const id = row["id"] as string;
          const sealed = row["sealed"] as Uint8Array;
          const opened = this.#vault.open(sealed, context(id));
          const again = this.#vault.seal(opened, context(id));
          return { sql, values: [this.#vault.sealingVersion, again, id, sealed] };
        }),
      );
    }
    return changes;
  }

  #changeOfDevice(row: Row, version: number): Change {
    const { sealedUnder, rootKeys, sessions } = this.#codec.reseal(row);
    const place = [row["dev_eui"] as string, Number(row["version"]), version];
    return { sql: RESEAL_DEVICE, values: [sealedUnder, rootKeys, sessions, ...place] };
  }
}
