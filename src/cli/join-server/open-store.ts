import type { Registry } from "prom-client";
import { systemClock } from "../../clock.ts";
import type { DataKeyStore } from "../../join-server/ports/data-key-store.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import type { Vault } from "../../join-server/ports/vault.ts";
import { measureStore } from "../../metrics/measured-store.ts";
import { type CacheCounts, cacheDevices } from "../../storage/join-server/cached-device-store.ts";
import {
  openJoinServerStorage,
  type StorageSettings,
} from "../../storage/join-server/open-storage.ts";
import { JoinWriter } from "../../storage/join-server/sqlite/joins/join-writer.ts";
import { LOCK_BYTES, ThreadLock } from "../../storage/thread-lock.ts";
import { openVault } from "../../vault/open-vault.ts";
import type { JoinServerConfig } from "../config/join-server-config.ts";

export interface OpenedStore {
  readonly store: JoinServerStore & DataKeyStore;
  readonly vault: Vault;
  /** Undefined without a cache. */
  readonly cache: CacheCounts | undefined;
}

/**
 * The database and the vault of a configuration, measured, with devices kept in memory in front.
 *
 * @throws WarrenError `storage-failed`, `master-key-missing`, `master-key-wrong`, `vault-unavailable`
 */
export async function openStore(
  { storage, vault, cachedDevices }: JoinServerConfig,
  registry: Registry,
): Promise<OpenedStore> {
  const opened = Promise.withResolvers<Vault>();
  const settings = withJoinWriter(storage);
  const database = await openJoinServerStorage(settings, async (keys) => {
    const vaultOfDatabase = await openVault(vault, keys, { now: systemClock.now });
    opened.resolve(vaultOfDatabase);
    return vaultOfDatabase;
  });
  if (settings.kind === "sqlite") settings.threads?.joinWriter?.start();
  const counts: CacheCounts = { hits: 0, misses: 0 };
  return {
    store: cacheDevices(measureStore(database, registry), cachedDevices, counts),
    vault: await opened.promise,
    cache: cachedDevices === 0 ? undefined : counts,
  };
}

/** Joins wait for the disk on a thread of its own, all that come meanwhile together. */
function withJoinWriter(storage: StorageSettings): StorageSettings {
  if (storage.kind !== "sqlite") return storage;
  const lock = new SharedArrayBuffer(LOCK_BYTES);
  const joinWriter = new JoinWriter({ path: storage.path, lock });
  return { ...storage, threads: { lock: new ThreadLock(lock), joinWriter } };
}
