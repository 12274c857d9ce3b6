import type { DataKeyStore } from "../../join-server/ports/data-key-store.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import type { Vault } from "../../join-server/ports/vault.ts";
import { SqliteJoinServerStore, type SqliteThreads } from "./sqlite/sqlite-join-server-store.ts";

/** Which database the Join Server keeps its devices in. */
export type StorageSettings =
  | {
      readonly kind: "sqlite";
      readonly path: string;
      /** Where several threads of this process write. */
      readonly threads?: SqliteThreads | undefined;
    }
  | { readonly kind: "postgresql"; readonly url: string; readonly maxConnections: number };

/**
 * Opens the database, brings its schema up to date, and opens the vault with the data keys in it.
 *
 * @throws WarrenError `storage-failed`, and what `openVault` throws: the database is closed again then
 */
export async function openJoinServerStorage(
  settings: StorageSettings,
  openVault: (keys: DataKeyStore) => Promise<Vault>,
): Promise<JoinServerStore & DataKeyStore> {
  if (settings.kind === "sqlite") {
    return SqliteJoinServerStore.open(settings.path, openVault, settings.threads);
  }
  const { PostgresJoinServerStore } = await import("./postgres/postgres-join-server-store.ts");
  return PostgresJoinServerStore.open(settings, openVault);
}
