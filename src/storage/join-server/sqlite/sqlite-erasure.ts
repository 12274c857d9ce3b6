import type { SqliteDatabase } from "../../sqlite-database.ts";

/** Least time between two erasures: each folds the log into the file and waits for the disk. */
const INTERVAL_MS = 500;

/**
 * Erases what has been replaced or deleted. SQLite overwrites it in the file, but the write-ahead log and,
 * until the log is folded into it, the file still hold it. The first erasure is done at once, more that are
 * asked for within the interval together at its end; one that another connection keeps from being complete,
 * because it reads, is tried again after each interval.
 *
 * So what a commit has replaced is gone half a second later, or half a second after the last reader that
 * saw it, as long as the process runs; after that, with the next start.
 */
export class SqliteErasure {
  readonly #database: SqliteDatabase;
  #timer: NodeJS.Timeout | undefined;
  #isWanted = false;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** What a process that was killed has left in the log. */
  begin(): void {
    this.#isWanted = !this.#erase();
    if (this.#isWanted) this.#wait();
  }

  /** To be called after the commit that has replaced or deleted something. */
  request(): void {
    this.#isWanted = true;
    if (this.#timer === undefined) this.#eraseAndWait();
  }

  /** Closing the database is the last erasure. */
  end(): void {
    clearTimeout(this.#timer);
  }

  #eraseAndWait(): void {
    this.#isWanted = !this.#erase();
    this.#wait();
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isWanted) this.#eraseAndWait();
    }, INTERVAL_MS).unref();
  }

  /** What was committed stays so when this fails; whoever comes next is told what is wrong with the disk. */
  #erase(): boolean {
    try {
      return this.#database.checkpoint();
    } catch {
      return false;
    }
  }
}
