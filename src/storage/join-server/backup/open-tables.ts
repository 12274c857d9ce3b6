import { existsSync } from "node:fs";
import { WarrenError } from "../../../errors.ts";
import type { StorageSettings } from "../open-storage.ts";
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
  if (!mayCreate && !existsSync(settings.path)) {
    throw new WarrenError(
      "configuration-invalid",
      `there is no database ${settings.path}; name its folder with --data, or its configuration with --config`,
    );
  }
  return new SqliteTables(settings.path);
}
