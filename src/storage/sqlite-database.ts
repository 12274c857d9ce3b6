import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { WarrenError } from "../errors.ts";
import type { ThreadLock } from "./thread-lock.ts";

/** A row as SQLite returns it: integers as numbers, BLOBs as Uint8Array. */
export type Row = Record<string, SQLInputValue>;

interface Prepared {
  readonly statement: StatementSync;
  columns: readonly string[];
}

/** SQLite's result code for "somebody else has the lock". */
const SQLITE_BUSY = 5;

/** How long a statement waits for another process that holds the write lock. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Pages kept in memory, each connection for itself: enough for the upper levels of the trees of 10^6 devices; the
 * rest is the file cache of the system.
 */
const CACHE_KIB = 32_768;

/** SQLite's own default. */
const DEFAULT_CHECKPOINT_PAGES = 1_000;

export interface SqliteOptions {
  /** Held in every transaction, when several threads of this process write to the file. */
  readonly lock?: ThreadLock | undefined;
  /**
   * Pages in the write-ahead log that are folded into the file with the commit that reaches them. Whoever waits for that
   * commit waits for them too: some 12 us a page. Fewer at a time are more of them, as pages that change often are
   * folded more often. Default 1,000.
   */
  readonly checkpointPages?: number;
}

/** What node:sqlite throws when SQLite refuses, and when the database has been closed. */
const DATABASE_ERRORS: readonly (string | undefined)[] = ["ERR_SQLITE_ERROR", "ERR_INVALID_STATE"];

/**
 * One SQLite file, opened so that a committed transaction survives the loss of power
 * (WAL, `synchronous=FULL`) and erased values are overwritten in the file (`secure_delete`). The file
 * and its folder are readable by the owner alone, since they hold keys.
 *
 * The only importer of `node:sqlite`, whose class is about to be renamed.
 */
export class SqliteDatabase {
  readonly #database: DatabaseSync;
  readonly #lock: ThreadLock | undefined;
  readonly #statements = new Map<string, Prepared>();

  /**
   * Opens or creates the file and brings its schema up to date.
   *
   * @param path a file, or `:memory:` for tests
   * @param migrations SQL scripts, forwards only; entry n takes the schema from version n to n + 1
   * @throws WarrenError `storage-failed` when the file can't be opened or is newer than this program
   */
  constructor(path: string, migrations: readonly string[], options: SqliteOptions = {}) {
    const { lock, checkpointPages = DEFAULT_CHECKPOINT_PAGES } = options;
    this.#lock = lock;
    let database: DatabaseSync | undefined;
    try {
      if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
      this.#database = database;
      if (path !== ":memory:") chmodSync(path, 0o600);
      database.exec(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON",
      );
      database.exec(`PRAGMA cache_size=-${CACHE_KIB}`);
      database.exec(`PRAGMA wal_autocheckpoint=${checkpointPages}`);
      this.#migrate(path, migrations);
    } catch (error) {
      database?.close();
      if (error instanceof WarrenError) throw error;
      throw new WarrenError("storage-failed", `cannot open the database ${path}`, { cause: error });
    }
  }

  /** All rows of a query. Statements are prepared once and kept. @throws WarrenError `storage-failed` */
  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return attempt(() => {
      const prepared = this.#prepare(sql);
      const rows = prepared.statement.all(...values) as object[] as SQLInputValue[][];
      return rows.map((row) => rowOf(prepared, row));
    });
  }

  /** The first row of a query, if there is one. @throws WarrenError `storage-failed` */
  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return attempt(() => {
      const prepared = this.#prepare(sql);
      const row = prepared.statement.get(...values) as object | undefined;
      return row && rowOf(prepared, row as SQLInputValue[]);
    });
  }

  /**
   * Runs a statement that writes; returns how many rows it changed.
   *
   * @throws WarrenError `storage-failed`
   */
  run(sql: string, ...values: SQLInputValue[]): number {
    return attempt(() => Number(this.#prepare(sql).statement.run(...values).changes));
  }

  /**
   * Runs `work` in one transaction that takes the write lock at once. It is committed, and on disk,
   * when this returns; an error rolls everything back and is thrown on. `work` must not be async.
   *
   * @throws WarrenError `storage-failed`, and what `work` throws
   */
  transaction<T>(work: () => T): T {
    const transact = () => this.#transact("BEGIN IMMEDIATE", work);
    return this.#lock === undefined ? transact() : this.#lock.hold(transact);
  }

  #transact<T>(begin: "BEGIN" | "BEGIN IMMEDIATE", work: () => T): T {
    this.run(begin);
    try {
      const result = work();
      this.run("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /**
   * Runs `work`, which only reads and is not async, on one state of the database.
   *
   * @throws WarrenError `storage-failed`, and what `work` throws
   */
  snapshot<T>(work: () => T): T {
    return this.#transact("BEGIN", work);
  }

  /**
   * Folds the write-ahead log into the file and empties it, so that what was overwritten is in neither.
   * Does not wait for another process that is at work.
   *
   * @returns false when another connection has kept it from being complete
   * @throws WarrenError `storage-failed`
   */
  checkpoint(): boolean {
    return this.#lock === undefined
      ? this.#checkpoint()
      : this.#lock.hold(() => this.#checkpoint());
  }

  #checkpoint(): boolean {
    return attempt(() => {
      this.#database.exec("PRAGMA busy_timeout = 0");
      try {
        return this.get("PRAGMA wal_checkpoint(TRUNCATE)")?.["busy"] === 0;
      } finally {
        this.#database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      }
    });
  }

  /** Folds the write-ahead log into the file and closes it. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#statements.clear();
    this.checkpoint();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#statements.get(sql);
    if (prepared === undefined) {
      const statement = this.#database.prepare(sql);
      // Rows as objects take half as long again: Node makes them without a shape, name by name.
      statement.setReturnArrays(true);
      prepared = { statement, columns: columnsOf(statement) };
      this.#statements.set(sql, prepared);
    }
    return prepared;
  }

  #migrate(path: string, migrations: readonly string[]): void {
    this.transaction(() => {
      const version = Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"]);
      if (version > migrations.length) {
        throw new WarrenError(
          "storage-failed",
          `${path} was written by a newer version (schema ${version}, this program knows ${migrations.length})`,
        );
      }
      for (const migration of migrations.slice(version)) this.#database.exec(migration);
      this.#database.exec(`PRAGMA user_version = ${migrations.length}`);
    });
  }
}

/** A row by the names of its columns, all rows of a statement in one shape. */
function rowOf(prepared: Prepared, values: readonly SQLInputValue[]): Row {
  // Somebody else may have added a column since the statement was prepared.
  if (values.length !== prepared.columns.length) prepared.columns = columnsOf(prepared.statement);
  const row: Row = {};
  const { columns } = prepared;
  for (let index = 0; index < columns.length; index++) {
    row[columns[index] as string] = values[index] as SQLInputValue;
  }
  return row;
}

function columnsOf(statement: StatementSync): string[] {
  return statement.columns().map(({ name }) => name);
}

/**
 * The version of the schema of a file, which stays as it is: a program that runs may be older than this one.
 *
 * @returns 0 for a file without any schema
 * @throws WarrenError `storage-failed`
 */
export function schemaVersionOf(path: string): number {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  } catch (error) {
    throw new WarrenError("storage-failed", `cannot open the database ${path}`, { cause: error });
  } finally {
    database?.close();
  }
}

/** Runs one call of SQLite; its own errors come out as the error that the stores promise. */
function attempt<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!DATABASE_ERRORS.includes((error as NodeJS.ErrnoException).code)) throw error;
    throw new WarrenError("storage-failed", "the database refused a statement", { cause: error });
  }
}

/**
 * Takes a lock that lasts until it is released or the process ends, however it ends.
 *
 * @param path a file of its own, made when missing
 * @returns how to release it
 * @throws WarrenError `data-folder-in-use` when another process has it; `storage-failed`
 */
export function lockFile(path: string): () => void {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec("PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) {
      throw new WarrenError(
        "data-folder-in-use",
        `${dirname(path)} is in use by another process; stop it, or choose another folder with --data`,
        { cause: error },
      );
    }
    throw new WarrenError("storage-failed", `cannot write to ${dirname(path)}`, { cause: error });
  }
  return () => database.close();
}
