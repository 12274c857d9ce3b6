import { existsSync } from "node:fs";
import { WarrenError } from "../../errors.ts";
import { schemaVersionOf } from "../sqlite-database.ts";
import type { StorageSettings } from "./open-storage.ts";
import { JOIN_SERVER_MIGRATIONS } from "./sqlite/schema.ts";

/**
 * For commands that look at what is there: a wrong path must not make a new database, nor may a database be
 * brought up to date under a server of an older program that has it open.
 *
 * @throws WarrenError `configuration-invalid` when there is none; `storage-failed` for one of an older program
 */
export function requireDatabase(settings: StorageSettings): void {
  if (settings.kind !== "sqlite") return;
  if (!existsSync(settings.path)) {
    throw new WarrenError(
      "configuration-invalid",
      `there is no database ${settings.path}; name its folder with --data, or its configuration with --config`,
    );
  }
  requireNotOlder(settings);
}

/** @throws WarrenError `storage-failed` for a database of an older program; none, or an empty file, will do */
export function requireNotOlder(settings: StorageSettings): void {
  if (settings.kind !== "sqlite" || !existsSync(settings.path)) return;
  const version = schemaVersionOf(settings.path);
  if (version === 0 || version >= JOIN_SERVER_MIGRATIONS.length) return;
  throw new WarrenError(
    "storage-failed",
    `${settings.path} is of an older program: use that one, or start the Join Server of this one with it once`,
  );
}
