import { WarrenError } from "../../../../errors.ts";
import type { SaveOutcome } from "../../../../join-server/ports/device-store.ts";
import { type PostgresDatabase, refusalOf } from "../../../postgres-database.ts";
import { GroupedWork } from "../../grouped-work.ts";
import type { JoinRow } from "../../join-row.ts";
import { writeJoins } from "./write-joins.ts";

/** While one group waits for the disk, the next one is written. */
const GROUPS_UNDER_WAY = 2;
const JOINS_A_GROUP = 64;
/** With what a statement may take then, a join still ends in time: see `PostgresDatabase`. */
const MAX_WAIT_MS = 1_000;

/**
 * Classes of SQLSTATE for what is wrong with one of the rows, or between two: data exception, integrity
 * constraint violation, transaction rollback. All others are of the server, and the next statement would
 * find the same.
 */
const REFUSALS_OF_ROWS = ["22", "23", "40"];

/** Joins, those that come at once in one statement. Each has the outcome that it would have by itself. */
export class GroupedJoins {
  readonly #database: PostgresDatabase;
  readonly #groups: GroupedWork<JoinRow, SaveOutcome | undefined>;

  constructor(database: PostgresDatabase) {
    this.#database = database;
    this.#groups = new GroupedWork({
      work: (rows) => this.#write(rows),
      keyOf: ({ devEui }) => devEui,
      maxItems: JOINS_A_GROUP,
      maxUnderWay: GROUPS_UNDER_WAY,
      maxWaitMs: MAX_WAIT_MS,
      tooLate: () =>
        new WarrenError("storage-failed", "the PostgreSQL database is too slow for what is asked"),
      isForAll: (error) => error instanceof WarrenError,
    });
  }

  /**
   * @returns undefined when nothing was saved, and the whole device is to be saved by itself
   * @throws WarrenError `storage-failed`
   */
  write(row: JoinRow): Promise<SaveOutcome | undefined> {
    return this.#groups.do(row);
  }

  async #write(rows: readonly JoinRow[]): Promise<readonly (SaveOutcome | undefined)[]> {
    try {
      return await writeJoins(this.#database, rows);
    } catch (error) {
      const code = refusalOf(error)?.code;
      if (code === undefined || !REFUSALS_OF_ROWS.includes(code.slice(0, 2))) throw error;
      return rows.map(() => undefined);
    }
  }
}
