import type { StorageSettings } from "../open-storage.ts";
import { requireDatabase, requireNotOlder } from "../require-database.ts";
import { PostgresTables } from "./postgres-tables.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import type { TableStore } from "./table-store.ts";

/** Enough for one transaction, and for the audit log beside it. */
const MAX_CONNECTIONS = 2;

/**
 * The tables of a database, which servers may have open.
 *
 * @param mayCreate whether a SQLite file that is not there is made
 * @throws WarrenError `storage-failed`, `configuration-invalid`
 */
export async function openTables(
  settings: StorageSettings,
  { mayCreate }: { readonly mayCreate: boolean },
): Promise<TableStore> {
  if (settings.kind === "postgresql") {
    return await PostgresTables.open({ url: settings.url, maxConnections: MAX_CONNECTIONS });
  }
  if (mayCreate) requireNotOlder(settings);
  else requireDatabase(settings);
  return new SqliteTables(settings.path);
}
