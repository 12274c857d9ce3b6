import type { DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import { SqliteDatabase } from "../../sqlite-database.ts";
import type { ThreadLock } from "../../thread-lock.ts";
import { ComposedStore } from "../composed-store.ts";
import { DeviceCodec } from "../rows/device-codec.ts";
import { SqliteCampaigns } from "./campaigns/sqlite-campaigns.ts";
import { SqliteDevices } from "./devices/sqlite-devices.ts";
import { GroupedJoinWriter } from "./joins/grouped-join-writer.ts";
import type { JoinRowWriter } from "./joins/join-row-writer.ts";
import type { JoinWriter } from "./joins/join-writer.ts";
import { JOIN_SERVER_CHECKPOINT_PAGES, JOIN_SERVER_MIGRATIONS } from "./schema.ts";
import { sealClearKeys } from "./seal-clear-keys.ts";
import { SqliteAuditLog } from "./sqlite-audit-log.ts";
import { SqliteDataKeys } from "./sqlite-data-keys.ts";
import { SqliteErasure } from "./sqlite-erasure.ts";
import { SqlitePeers } from "./sqlite-peers.ts";
import { SqlitePolicies } from "./sqlite-policies.ts";
import { SqliteResealer } from "./sqlite-resealer.ts";
import { SqliteSecrets } from "./sqlite-secrets.ts";
import { SqliteTokens } from "./sqlite-tokens.ts";

/**
 * The Join Server's store in one SQLite file, of which several processes may have one open. A promise
 * that resolves means: on disk.
 */
export class SqliteJoinServerStore extends ComposedStore {
  /** For a vault that is open already. @throws WarrenError `storage-failed` */
  static openWith(path: string, vault: Vault): SqliteJoinServerStore {
    const database = openDatabase(path);
    try {
      return new SqliteJoinServerStore(database, vault, {
        ...keyParts(database),
        joins: undefined,
      });
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /**
   * @param openVault given the data keys of this database
   * @throws WarrenError `storage-failed`, and what `openVault` throws
   */
  static async open(
    path: string,
    openVault: (keys: DataKeyStore) => Promise<Vault>,
    threads: SqliteThreads = {},
  ): Promise<SqliteJoinServerStore> {
    const { lock, joinWriter } = threads;
    const database = openDatabase(path, lock);
    try {
      const joins = joinWriter === "same-thread" ? new GroupedJoinWriter(database) : joinWriter;
      const parts = { ...keyParts(database), joins };
      return new SqliteJoinServerStore(database, await openVault(parts.dataKeys), parts);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private constructor(database: SqliteDatabase, vault: Vault, ofKeys: StoreParts) {
    sealClearKeys(database, vault);
    const { audit, erasure, dataKeys, joins } = ofKeys;
    const parts = { ...ofKeys, vault, codec: new DeviceCodec(vault) };
    const devices = new SqliteDevices(database, parts);
    erasure.begin();
    super({
      devices,
      peers: new SqlitePeers(database, parts),
      tokens: new SqliteTokens(database, audit),
      secrets: new SqliteSecrets(database, parts),
      policies: new SqlitePolicies(database, audit),
      campaigns: new SqliteCampaigns(database, audit),
      audit,
      resealer: new SqliteResealer(database, parts),
      dataKeys,
      connection: {
        isReady: () =>
          Promise.try(() => database.get("SELECT 1 FROM counters") !== undefined).catch(
            () => false,
          ),
        close: async () => {
          await joins?.close();
          devices.flush();
          erasure.end();
          database.close();
        },
      },
    });
  }
}

/** The threads of this process that write to the same file. */
export interface SqliteThreads {
  /** Held in every transaction, where there are several. */
  readonly lock?: ThreadLock | undefined;
  /**
   * Writes joins, and is closed with the store; `same-thread`: the thread of the store does, in groups; undefined:
   * each by itself.
   */
  readonly joinWriter?: JoinWriter | "same-thread" | undefined;
}

type StoreParts = KeyParts & { readonly joins: JoinRowWriter | undefined };

/** What is there before the vault is open. */
interface KeyParts {
  readonly audit: SqliteAuditLog;
  readonly erasure: SqliteErasure;
  readonly dataKeys: SqliteDataKeys;
}

function keyParts(database: SqliteDatabase): KeyParts {
  const audit = new SqliteAuditLog(database);
  const erasure = new SqliteErasure(database);
  return { audit, erasure, dataKeys: new SqliteDataKeys(database, audit, erasure) };
}

function openDatabase(path: string, lock?: ThreadLock): SqliteDatabase {
  return new SqliteDatabase(path, JOIN_SERVER_MIGRATIONS, {
    lock,
    checkpointPages: JOIN_SERVER_CHECKPOINT_PAGES,
  });
}
