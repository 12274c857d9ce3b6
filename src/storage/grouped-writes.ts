import type { SqliteDatabase } from "./sqlite-database.ts";

interface Asked {
  /** To be called in a transaction. @returns what tells who has asked, once that is committed */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes that are asked for in one turn of the event loop, in one transaction: they wait for the disk together, and
 * a page that several of them change is written once.
 */
export class GroupedWrites {
  readonly #database: SqliteDatabase;
  readonly #most: number;
  #asked: Asked[] = [];

  /** @param most in one transaction; more that wait are written in as many turns of the event loop. Default: all */
  constructor(database: SqliteDatabase, most = Number.POSITIVE_INFINITY) {
    this.#database = database;
    this.#most = most;
  }

  /**
   * As `SqliteDatabase.transaction`, a little later. What goes wrong with one rolls back that one alone.
   *
   * @param work may be run a second time, when all that the first time has written was rolled back
   */
  transaction<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    // After everything that has arrived by now, which may ask as well.
    if (this.#asked.length === 0) setImmediate(() => this.#writeSome());
    const run = () => {
      const result = work();
      return () => resolve(result);
    };
    this.#asked.push({ run, reject });
    return promise;
  }

  /** Writes what waits, before the database is closed. */
  flush(): void {
    const asked = this.#asked;
    this.#asked = [];
    this.#write(asked);
  }

  #writeSome(): void {
    const asked = this.#asked.splice(0, this.#most);
    if (this.#asked.length > 0) setImmediate(() => this.#writeSome());
    this.#write(asked);
  }

  #write(asked: readonly Asked[]): void {
    if (asked.length === 0) return;
    try {
      const tellEach = this.#database.transaction(() => asked.map(({ run }) => run()));
      for (const tell of tellEach) tell();
    } catch (error) {
      const [only] = asked;
      // Perhaps it is only one that fails.
      if (asked.length > 1) for (const each of asked) this.#write([each]);
      else only?.reject(error);
    }
  }
}
