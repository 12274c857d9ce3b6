import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

/** SQL for what stands in the place of the keys, and the error code that says so. */
export interface Damage {
  readonly keys: string;
  readonly code: string;
}

/** Ways in which the keys on record of a device no longer open. */
export const DAMAGES: readonly [Damage, Damage] = [
  { keys: "substr(root_keys, 1, length(root_keys) - 1)", code: "sealed-value-damaged" },
  { keys: "x'ffffffff' || substr(root_keys, 5)", code: "vault-key-unknown" },
];

/** Somebody changes the file of a Join Server past the program, while it runs. */
export function damageDevice(path: string, devEui: string, { keys } = DAMAGES[0]): void {
  const database = new DatabaseSync(path);
  const sql = `UPDATE devices SET root_keys = CAST(${keys} AS BLOB) WHERE dev_eui = ?`;
  assert.equal(database.prepare(sql).run(devEui).changes, 1);
  database.close();
}
