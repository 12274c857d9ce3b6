import type { DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import { PostgresDatabase, type PostgresSettings } from "../../postgres-database.ts";
import { ComposedStore } from "../composed-store.ts";
import { DeviceCodec } from "../rows/device-codec.ts";
import { PostgresCampaigns } from "./campaigns/postgres-campaigns.ts";
import { PostgresDevices } from "./devices/postgres-devices.ts";
import { PostgresPeers } from "./peers/postgres-peers.ts";
import { PostgresAuditLog } from "./postgres-audit-log.ts";
import { PostgresDataKeys } from "./postgres-data-keys.ts";
import { PostgresPolicies } from "./postgres-policies.ts";
import { PostgresResealer } from "./postgres-resealer.ts";
import { PostgresSecrets } from "./postgres-secrets.ts";
import { PostgresTokens } from "./postgres-tokens.ts";
import { POSTGRES_MIGRATIONS } from "./schema.ts";

/**
 * The Join Server's store in a PostgreSQL database, of which several processes on several machines may have
 * one open. A promise that resolves means: committed and on disk.
 */
export class PostgresJoinServerStore extends ComposedStore {
  /** For a vault that is open already. @throws WarrenError `storage-failed` */
  static openWith(settings: PostgresSettings, vault: Vault): Promise<PostgresJoinServerStore> {
    return PostgresJoinServerStore.open(settings, () => Promise.resolve(vault));
  }

  /**
   * @param openVault given the data keys of this database
   * @throws WarrenError `storage-failed`, `configuration-invalid`, and what `openVault` throws
   */
  static async open(
    settings: PostgresSettings,
    openVault: (keys: DataKeyStore) => Promise<Vault>,
  ): Promise<PostgresJoinServerStore> {
    const database = await PostgresDatabase.open(settings, POSTGRES_MIGRATIONS);
    try {
      const keys = new PostgresDataKeys(database, new PostgresAuditLog(database));
      return new PostgresJoinServerStore(database, await openVault(keys));
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  private constructor(database: PostgresDatabase, vault: Vault) {
    const audit = new PostgresAuditLog(database);
    const parts = { vault, audit, codec: new DeviceCodec(vault) };
    super({
      devices: new PostgresDevices(database, parts),
      peers: new PostgresPeers(database, parts),
      tokens: new PostgresTokens(database, audit),
      secrets: new PostgresSecrets(database, vault),
      policies: new PostgresPolicies(database, audit),
      campaigns: new PostgresCampaigns(database, audit),
      audit,
      resealer: new PostgresResealer(database, parts),
      dataKeys: new PostgresDataKeys(database, audit),
      connection: {
        isReady: () =>
          database.get("SELECT value FROM counters LIMIT 1").then(
            (row) => row !== undefined,
            () => false,
          ),
        close: () => database.close(),
      },
    });
  }
}
