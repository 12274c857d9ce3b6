import type { SqliteDatabase } from "../../../sqlite-database.ts";
import type { JoinRow } from "../../join-row.ts";
import { type JoinOutcome, writeOrRefuse } from "./join-row.ts";
import { type JoinRowWriter, settleJoins, type WaitingJoin } from "./join-row-writer.ts";

/**
 * Writes joins on the thread that has decided them, those of one turn of the event loop in one transaction. For a
 * thread with nothing else to do: it stands still while the disk works.
 */
export class GroupedJoinWriter implements JoinRowWriter {
  readonly #database: SqliteDatabase;
  #waiting: WaitingJoin[] = [];

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  write(row: JoinRow): Promise<JoinOutcome> {
    const outcome = Promise.withResolvers<JoinOutcome>();
    if (this.#waiting.length === 0) setImmediate(() => this.#writeAll());
    this.#waiting.push({ row, outcome });
    return outcome.promise;
  }

  close(): Promise<void> {
    return Promise.try(() => this.#writeAll());
  }

  #writeAll(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    const outcomes = writeOrRefuse(
      this.#database,
      waiting.map(({ row }) => row),
    );
    settleJoins(waiting, outcomes);
  }
}
