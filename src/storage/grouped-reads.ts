import type { Row, SqliteDatabase } from "./sqlite-database.ts";

interface Asked {
  readonly sql: string;
  readonly values: readonly Row[string][];
  readonly answer: PromiseWithResolvers<Row | undefined>;
}

/**
 * Reads that are asked for in one turn of the event loop, from one state of the database. When another connection
 * has written since its last read, SQLite forgets all pages that it has in memory, the upper levels of its trees
 * too: with joins written all the time, a read by itself takes three times as long as one of eight together.
 */
export class GroupedReads {
  readonly #database: SqliteDatabase;
  #asked: Asked[] = [];

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** The first row of a query, as it is then or later. @throws WarrenError `storage-failed` */
  get(sql: string, ...values: Row[string][]): Promise<Row | undefined> {
    const answer = Promise.withResolvers<Row | undefined>();
    // After everything that has arrived by now, which may ask as well.
    if (this.#asked.length === 0) setImmediate(() => this.#readAll());
    this.#asked.push({ sql, values, answer });
    return answer.promise;
  }

  #readAll(): void {
    const asked = this.#asked;
    this.#asked = [];
    const readEach = () => {
      for (const each of asked) this.#read(each);
    };
    try {
      if (asked.length === 1) readEach();
      else this.#database.snapshot(readEach);
    } catch (error) {
      // Only of those that are not answered yet.
      for (const { answer } of asked) answer.reject(error);
    }
  }

  #read({ sql, values, answer }: Asked): void {
    try {
      answer.resolve(this.#database.get(sql, ...values));
    } catch (error) {
      answer.reject(error);
    }
  }
}
