import { systemClock } from "../../../clock.ts";
import type { DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import type { JoinServerStore } from "../../../join-server/ports/join-server-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import { measureStore, type StoreObserver } from "../../../metrics/measured-store.ts";
import {
  type CacheCounts,
  cacheDevices,
} from "../../../storage/join-server/cached-device-store.ts";
import { openJoinServerStorage } from "../../../storage/join-server/open-storage.ts";
import { JoinWriter } from "../../../storage/join-server/sqlite/joins/join-writer.ts";
import { LOCK_BYTES, ThreadLock } from "../../../storage/thread-lock.ts";
import { type DataKey, DataKeyVault } from "../../../vault/data-key-vault.ts";
import { openDataKeys } from "../../../vault/open-vault.ts";
import type { JoinServerConfig } from "../../config/join-server-config.ts";

export interface OpenedStore {
  readonly store: JoinServerStore & DataKeyStore;
  readonly vault: Vault;
  /** Undefined without a cache. */
  readonly cache: CacheCounts | undefined;
  /** Of all threads that write to a SQLite file. */
  readonly lock: SharedArrayBuffer;
  /** Gives all data keys that there are when it is called. @throws WarrenError `vault-unavailable` */
  readonly loadDataKeys: () => Promise<readonly DataKey[]>;
}

/**
 * The database and the vault of a configuration, measured, with devices kept in memory in front.
 *
 * @throws WarrenError `storage-failed`, `master-key-missing`, `master-key-wrong`, `vault-unavailable`
 */
export async function openStore(
  { storage, vault, cachedDevices }: JoinServerConfig,
  observer: StoreObserver,
): Promise<OpenedStore> {
  const opened = Promise.withResolvers<Pick<OpenedStore, "vault" | "loadDataKeys">>();
  const lock = new SharedArrayBuffer(LOCK_BYTES);
  const writer =
    storage.kind === "sqlite" ? new JoinWriter({ path: storage.path, lock }) : undefined;
  const settings =
    storage.kind === "sqlite"
      ? { ...storage, threads: { lock: new ThreadLock(lock), joinWriter: writer } }
      : storage;
  const database = await openJoinServerStorage(settings, async (keys) => {
    const loadDataKeys = await openDataKeys(vault, keys, { now: systemClock.now });
    const vaultOfDatabase = new DataKeyVault(await loadDataKeys(), loadDataKeys);
    opened.resolve({ vault: vaultOfDatabase, loadDataKeys });
    return vaultOfDatabase;
  });
  writer?.start();
  const counts: CacheCounts = { hits: 0, misses: 0 };
  return {
    store: cacheDevices(measureStore(database, observer), cachedDevices, counts),
    ...(await opened.promise),
    cache: cachedDevices === 0 ? undefined : counts,
    lock,
  };
}
