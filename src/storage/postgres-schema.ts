import { WarrenError } from "../errors.ts";
import type { PostgresDatabase, PostgresStatements } from "./postgres-database.ts";

/** Any number that other programs do not use for an advisory lock in this database. */
const MIGRATION_LOCK = 7_214_880_513;
const MIGRATION_TIMEOUT_MS = 10 * 60_000;

/** @throws WarrenError `storage-failed` when the server would confirm what a crash can make it forget */
export async function requireDurability(database: PostgresStatements): Promise<void> {
  const row = await database.get(
    `SELECT current_setting('fsync', true) AS fsync,
            current_setting('synchronous_commit', true) AS synchronous_commit`,
  );
  const off = Object.keys(row ?? {}).filter((setting) => row?.[setting] === "off");
  if (off.length > 0) {
    throw new WarrenError(
      "storage-failed",
      `the PostgreSQL server has ${off.join(" and ")} off, so a crash could make it forget a DevNonce; ` +
        "switch it on for this database",
    );
  }
}

/**
 * Brings the schema up to date in one transaction.
 *
 * @param migrations SQL scripts, forwards only; entry n takes the schema from version n to n + 1
 * @throws WarrenError `storage-failed`, also when the database is newer than this program
 */
export async function migratePostgres(
  database: PostgresDatabase,
  migrations: readonly string[],
): Promise<void> {
  const migrate = async (statements: PostgresStatements): Promise<void> => {
    // Held to the end of the transaction: of two processes that start at once the second waits.
    await statements.run("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK);
    await statements.script("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
    const row = await statements.get("SELECT version FROM schema_version");
    const version = Number(row?.["version"] ?? 0);
    if (version > migrations.length) throw tooNew(version, migrations.length);
    if (version === migrations.length) return;
    for (const migration of migrations.slice(version)) await statements.script(migration);
    await statements.run("DELETE FROM schema_version");
    await statements.run("INSERT INTO schema_version VALUES ($1)", migrations.length);
  };
  await database.transaction(migrate, { statementTimeoutMs: MIGRATION_TIMEOUT_MS });
}

function tooNew(version: number, known: number): WarrenError {
  return new WarrenError(
    "storage-failed",
    `the PostgreSQL database was written by a newer version (schema ${version}, this program knows ${known})`,
  );
}
