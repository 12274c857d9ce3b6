import { WarrenError } from "../../../../errors.ts";
import type { PostgresDatabase } from "../../../postgres-database.ts";

/** Pages of a table that nothing is gained from looking at: those for which the planner has no figures count as ten. */
const FEW_PAGES = 8;
/** At most 30,000 rows are looked at, however many there are. */
const TIMEOUT_MS = 60_000;

/** `relpages` is of the last `ANALYZE` or `VACUUM`, 0 before. */
const GROWN = `SELECT oid::regclass::text AS name FROM pg_class
  WHERE oid = ANY($1::regclass[])
    AND pg_relation_size(oid) > (2 * relpages + ${FEW_PAGES}) * current_setting('block_size')::bigint`;

/**
 * Has PostgreSQL look again at tables that have become more than twice as large since it did so last: for who has
 * just added many rows, after their commit.
 *
 * Connections keep their plans. One that was made when a table had a few rows reads all of it, and is kept until the
 * table is analyzed, which PostgreSQL does by itself after a minute or two: until then, with 100,000 devices
 * imported into a database that had three, each join took 0.6 s. `ANALYZE` has all connections of all processes
 * plan anew. One at a time is enough, and a table of somebody else's is left to its owner.
 */
export async function analyzeGrown(
  database: PostgresDatabase,
  tables: readonly string[],
): Promise<void> {
  try {
    const grown = await database.all(GROWN, tables);
    for (const { name } of grown) {
      await database.transaction(
        (statements) => statements.script(`ANALYZE (SKIP_LOCKED) ${name}`),
        { statementTimeoutMs: TIMEOUT_MS },
      );
    }
  } catch (error) {
    // The rows are in, and PostgreSQL comes to it by itself.
    if (!(error instanceof WarrenError)) throw error;
  }
}
