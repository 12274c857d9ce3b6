import { DatabaseError, Pool, type PoolClient, type QueryConfig } from "pg";
import { WarrenError } from "../errors.ts";
import { migratePostgres, requireDurability } from "./postgres-schema.ts";
import { parsePostgresUrl } from "./postgres-url.ts";

/** A value of a statement; a truth value is 0 or 1. */
export type PostgresValue = string | number | null | Uint8Array | readonly string[];

/** A row as PostgreSQL gives it: `bigint` as decimal text, `bytea` as Uint8Array. */
export type PostgresRow = Readonly<Record<string, unknown>>;

/** How to run statements, each one round trip. Placeholders are `$1`, `$2`, ... */
export interface PostgresStatements {
  /** All rows. @throws WarrenError `storage-failed` */
  all(sql: string, ...values: PostgresValue[]): Promise<PostgresRow[]>;
  /** The first row, if there is one. @throws WarrenError `storage-failed` */
  get(sql: string, ...values: PostgresValue[]): Promise<PostgresRow | undefined>;
  /** How many rows a statement changed. @throws WarrenError `storage-failed` */
  run(sql: string, ...values: PostgresValue[]): Promise<number>;
  /** Several statements without values, parted by semicolons. @throws WarrenError `storage-failed` */
  script(sql: string): Promise<void>;
}

export interface PostgresSettings {
  /** See `parsePostgresUrl`. */
  readonly url: string;
  readonly maxConnections: number;
  /** For a new connection; default `CONNECT_TIMEOUT_MS`. */
  readonly connectTimeoutMs?: number;
}

export interface TransactionOptions {
  /** `snapshot` sees the database as it was at its first statement, and changes nothing. */
  readonly kind?: "write" | "snapshot";
  /** Of each of its statements; default as outside of a transaction. */
  readonly statementTimeoutMs?: number;
  /** How long a statement waits for a lock. */
  readonly lockTimeoutMs?: number;
}

/*
 * A request that waits for a connection and then for its statement ends well within JOIN_ACCEPT_DELAY1 (5 s,
 * LoRaWAN regional parameters), whatever has become of the database. The server's own timeout is the
 * shorter one, so that ours means that nobody answers.
 */
const CONNECT_TIMEOUT_MS = 1_500;
const STATEMENT_TIMEOUT_MS = 1_800;
const ANSWER_MARGIN_MS = 400;
/** A transaction whose process hangs or is gone gives its locks back after this. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;
/** Idle connections are closed, and connections renewed, so that a load balancer's changes are seen. */
const IDLE_TIMEOUT_MS = 60_000;
const MAX_LIFETIME_SECONDS = 30 * 60;

/**
 * A pool of connections to one PostgreSQL database. Statements are prepared once per connection and go in one
 * round trip each; a connection that breaks is replaced, and what was under way on it fails with
 * `storage-failed`: it may or may not have happened.
 *
 * The only importer of `pg`.
 */
export class PostgresDatabase implements PostgresStatements {
  readonly #pool: Pool;
  readonly #statementNames = new Map<string, string>();

  private constructor({ url, maxConnections, connectTimeoutMs }: PostgresSettings) {
    const { ssl, ...address } = parsePostgresUrl(url);
    this.#pool = new Pool({
      ...address,
      ssl,
      max: maxConnections,
      application_name: "warren",
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + ANSWER_MARGIN_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
    });
    // A broken connection is told to who waits for it; without listeners it would end the process.
    this.#pool.on("error", () => undefined);
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /**
   * Connects and brings the schema up to date.
   *
   * @param migrations SQL scripts, forwards only; entry n takes the schema from version n to n + 1
   * @throws WarrenError `configuration-invalid` for a malformed URL; `storage-failed` when the database can't
   *   be reached, is newer than this program, or does not keep what it has confirmed
   */
  static async open(
    settings: PostgresSettings,
    migrations: readonly string[],
  ): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(settings);
    try {
      await requireDurability(database);
      await migratePostgres(database, migrations);
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  all(sql: string, ...values: PostgresValue[]): Promise<PostgresRow[]> {
    return this.#withClient((client) => this.#statementsOn(client).all(sql, ...values));
  }

  get(sql: string, ...values: PostgresValue[]): Promise<PostgresRow | undefined> {
    return this.#withClient((client) => this.#statementsOn(client).get(sql, ...values));
  }

  run(sql: string, ...values: PostgresValue[]): Promise<number> {
    return this.#withClient((client) => this.#statementsOn(client).run(sql, ...values));
  }

  script(sql: string): Promise<void> {
    return this.#withClient((client) => this.#statementsOn(client).script(sql));
  }

  /**
   * Runs `work` in one transaction on one connection. It is committed, and on disk, when this resolves; an
   * error rolls everything back and is thrown on. Statements see what other transactions have committed
   * meanwhile (READ COMMITTED), but for those of a `snapshot`.
   *
   * @throws WarrenError `storage-failed`, also when it is unknown whether the commit happened; and what
   *   `work` throws
   */
  transaction<T>(
    work: (statements: PostgresStatements) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.#withClient(async (client) => {
      const statements = this.#statementsOn(client, options.statementTimeoutMs);
      await statements.script(beginOf(options));
      try {
        const result = await work(statements);
        await statements.script("COMMIT");
        return () => result;
      } catch (error) {
        // Nobody answers there: the server rolls back when the connection ends.
        if (isUnanswered(error)) throw error;
        await attempt(client.query("ROLLBACK"));
        // The connection is sound, so this is not for it to fail by.
        return () => {
          throw error;
        };
      }
    }).then((outcome) => outcome());
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  /** A connection is used again only if it is sound. */
  async #withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await attempt(this.#pool.connect());
    let isSound = false;
    try {
      const result = await work(client);
      isSound = true;
      return result;
    } catch (error) {
      // After a no of the server its connection is as good as before; after anything else it is not.
      isSound = refusalOf(error)?.isFatal === false;
      throw error;
    } finally {
      client.release(!isSound);
    }
  }

  #statementsOn(client: PoolClient, timeoutMs = STATEMENT_TIMEOUT_MS): PostgresStatements {
    const query_timeout = timeoutMs + ANSWER_MARGIN_MS;
    const query = (text: string, values: PostgresValue[]) => {
      const config = { name: this.#nameOf(text), text, values, query_timeout };
      return attempt(client.query<PostgresRow>(config as QueryConfig));
    };
    return {
      all: async (sql, ...values) => (await query(sql, values)).rows,
      get: async (sql, ...values) => (await query(sql, values)).rows[0],
      run: async (sql, ...values) => (await query(sql, values)).rowCount ?? 0,
      script: async (text) => {
        await attempt(client.query({ text, query_timeout } as QueryConfig));
      },
    };
  }

  /** Under which a connection keeps a statement prepared. */
  #nameOf(sql: string): string {
    let name = this.#statementNames.get(sql);
    if (name === undefined) {
      name = `warren_${this.#statementNames.size}`;
      this.#statementNames.set(sql, name);
    }
    return name;
  }
}

function beginOf({ kind, statementTimeoutMs, lockTimeoutMs }: TransactionOptions): string {
  const snapshot = kind === "snapshot" ? " ISOLATION LEVEL REPEATABLE READ READ ONLY" : "";
  const set = (name: string, value: number | undefined) =>
    value === undefined ? "" : `; SET LOCAL ${name} = ${value}`;
  // It holds no locks, and a backup may be busy for long with putting on disk what it has read.
  const idleTimeoutMs = kind === "snapshot" ? statementTimeoutMs : undefined;
  return (
    `BEGIN${snapshot}` +
    set("statement_timeout", statementTimeoutMs) +
    set("idle_in_transaction_session_timeout", idleTimeoutMs) +
    set("lock_timeout", lockTimeoutMs)
  );
}

/** What the server said when it has refused a statement; undefined for any other error. */
export function refusalOf(error: unknown): PostgresRefusal | undefined {
  const cause = error instanceof WarrenError ? error.cause : undefined;
  return cause instanceof PostgresRefusal ? cause : undefined;
}

function isUnanswered(error: unknown): boolean {
  return error instanceof WarrenError && error.cause instanceof NoAnswer;
}

/** The server could not be reached, or did not answer in time. */
class NoAnswer extends Error {}

/** What PostgreSQL said, without the values that it repeats in details. */
class PostgresRefusal extends Error {
  /** SQLSTATE. */
  readonly code: string;
  /** The name of the constraint that it would have broken. */
  readonly constraint: string | undefined;
  /** The server ends the connection. */
  readonly isFatal: boolean;

  constructor({ message, code, constraint, severity }: DatabaseError) {
    super(message);
    this.name = "PostgresRefusal";
    this.code = code ?? "";
    this.constraint = constraint;
    this.isFatal = severity === "FATAL";
  }
}

/** Waits for one call of `pg`; its errors come out as the error that the stores promise. */
async function attempt<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof DatabaseError) {
      const cause = new PostgresRefusal(error);
      // Messages about wrong values repeat them.
      const said = cause.code.startsWith("22") ? cause.code : `${cause.code}: ${cause.message}`;
      const message = `the PostgreSQL database refused a statement (${said})`;
      throw new WarrenError("storage-failed", message, { cause });
    }
    if (!(error instanceof Error) || error instanceof TypeError) throw error;
    // Of a refused connection to several addresses only the code says something.
    const reason = error.message || String((error as NodeJS.ErrnoException).code);
    const message = `the PostgreSQL database cannot be reached, or does not answer in time: ${reason}`;
    throw new WarrenError("storage-failed", message, { cause: new NoAnswer(reason) });
  }
}
