import type { SecretStore } from "../../../join-server/ports/data-key-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import type { PostgresDatabase } from "../../postgres-database.ts";
import { withCurrentDataKey } from "../current-data-key.ts";
import { secretContext } from "../rows/contexts.ts";
import { checkSealing } from "./postgres-data-keys.ts";

const INSERT_SECRET = `INSERT INTO secrets (name, sealed_under, value) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING`;

export class PostgresSecrets implements SecretStore {
  readonly #database: PostgresDatabase;
  readonly #vault: Vault;

  constructor(database: PostgresDatabase, vault: Vault) {
    this.#database = database;
    this.#vault = vault;
  }

  loadSecret(name: string): Promise<Uint8Array | undefined> {
    return withCurrentDataKey(this.#vault, () => this.#load(name));
  }

  saveSecretOnce(name: string, value: Uint8Array): Promise<Uint8Array> {
    return withCurrentDataKey(this.#vault, async () => {
      const { sealingVersion } = this.#vault;
      const sealed = this.#vault.seal(value, secretContext(name));
      await checkSealing(this.#database.run(INSERT_SECRET, name, sealingVersion, sealed));
      return (await this.#load(name)) as Uint8Array;
    });
  }

  async #load(name: string): Promise<Uint8Array | undefined> {
    const row = await this.#database.get("SELECT value FROM secrets WHERE name = $1", name);
    return row && this.#vault.open(row["value"] as Uint8Array, secretContext(name));
  }
}
