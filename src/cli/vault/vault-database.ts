import { systemClock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import type { DataKeyStore } from "../../join-server/ports/data-key-store.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import type { Vault } from "../../join-server/ports/vault.ts";
import { openJoinServerStorage } from "../../storage/join-server/open-storage.ts";
import { requireDatabase } from "../../storage/join-server/require-database.ts";
import { type MasterKeyPlaces, masterKeyPlaces } from "../../vault/master-key-places.ts";
import { openVault } from "../../vault/open-vault.ts";
import type { ConfigOptions } from "../config/config-options.ts";
import { loadJoinServerConfig } from "../config/load-config.ts";

/** A database and its keys as the commands work on them, beside running servers. */
export interface VaultDatabase {
  readonly store: JoinServerStore & DataKeyStore;
  readonly places: MasterKeyPlaces;
  /** The one that `store` seals with, unless it could not be opened. */
  readonly vault: Vault;
  /** Why it could not be opened. */
  readonly problem: WarrenError | undefined;
}

/** Opens the database that the options name, runs `work` and closes it. */
export async function withVaultDatabase<T>(
  options: ConfigOptions,
  work: (database: VaultDatabase) => Promise<T>,
): Promise<T> {
  const { storage, vault: settings } = loadJoinServerConfig(options);
  let vault: Vault | undefined;
  let problem: WarrenError | undefined;
  const open = async (keys: DataKeyStore): Promise<Vault> => {
    try {
      vault = await openVault(settings, keys, { now: systemClock.now, mayCreate: false });
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      problem = error;
      vault = closedVault(error);
    }
    return vault;
  };
  requireDatabase(storage);
  const store = await openJoinServerStorage(storage, open);
  try {
    const places = masterKeyPlaces(settings, systemClock.now);
    return await work({ store, places, vault: vault ?? unopened(), problem });
  } finally {
    await store.close();
  }
}

/** In the place of a vault that does not open: what needs a key fails with the reason. */
function closedVault(reason: WarrenError): Vault {
  const refuse = () => {
    throw reason;
  };
  return {
    sealingVersion: 0,
    seal: refuse,
    open: refuse,
    refresh: () => Promise.reject(reason),
  };
}

function unopened(): never {
  throw new Error("the storage was opened without its vault");
}
