import type { SecretStore } from "../../../join-server/ports/data-key-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import type { SqliteDatabase } from "../../sqlite-database.ts";
import { withCurrentDataKey } from "../current-data-key.ts";
import { secretContext } from "../rows/contexts.ts";
import type { SqliteDataKeys } from "./sqlite-data-keys.ts";

export class SqliteSecrets implements SecretStore {
  readonly #database: SqliteDatabase;
  readonly #vault: Vault;
  readonly #dataKeys: SqliteDataKeys;

  constructor(
    database: SqliteDatabase,
    parts: { readonly vault: Vault; readonly dataKeys: SqliteDataKeys },
  ) {
    this.#database = database;
    this.#vault = parts.vault;
    this.#dataKeys = parts.dataKeys;
  }

  loadSecret(name: string): Promise<Uint8Array | undefined> {
    return withCurrentDataKey(this.#vault, () => this.#load(name));
  }

  saveSecretOnce(name: string, value: Uint8Array): Promise<Uint8Array> {
    return withCurrentDataKey(this.#vault, () => {
      const sealedUnder = this.#vault.sealingVersion;
      const sealed = this.#vault.seal(value, secretContext(name));
      this.#database.transaction(() => {
        this.#dataKeys.requireCurrent(sealedUnder);
        this.#database.run(
          "INSERT INTO secrets (name, sealed_under, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
          name,
          sealedUnder,
          sealed,
        );
      });
      return this.#load(name) as Uint8Array;
    });
  }

  #load(name: string): Uint8Array | undefined {
    const row = this.#database.get("SELECT value FROM secrets WHERE name = ?", name);
    return row && this.#vault.open(row["value"] as Uint8Array, secretContext(name));
  }
}
