import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { WarrenError } from "../../errors.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** A role that says nothing for this long after its start is taken for dead. */
const READY_TIMEOUT_MS = 20_000;
/** After this a role that was asked to stop is killed. */
const STOP_TIMEOUT_MS = 8_000;

/** What to run: a sub-command of `warren` with its arguments. */
export interface RoleProcessOptions {
  readonly role: string;
  readonly arguments: readonly string[];
  /** Its standard output and error go to `<role>.log` there. */
  readonly logFolder: string;
  /** Called when the process ends without having been asked to. */
  readonly onUnexpectedEnd: (role: string, lastWords: string) => void;
}

/** One role in a process of its own, which can be stopped, killed and started again. */
export class RoleProcessHandle {
  readonly #options: RoleProcessOptions;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #isStopping = false;
  #lastWords = "";

  constructor(options: RoleProcessOptions) {
    this.#options = options;
    mkdirSync(options.logFolder, { recursive: true, mode: 0o700 });
    this.#log = createWriteStream(join(options.logFolder, `${options.role}.log`), {
      flags: "a",
      mode: 0o600,
    });
  }

  get role(): string {
    return this.#options.role;
  }

  /** The process id while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts the process and waits until it is ready.
   *
   * @param lastArguments put after the others, so that they win
   * @returns its addresses by name
   * @throws WarrenError `configuration-invalid` with its last words when it ends instead
   */
  async start(lastArguments: readonly string[] = []): Promise<Readonly<Record<string, string>>> {
    this.#isStopping = false;
    this.#lastWords = "";
    const { role, arguments: usual } = this.#options;
    const child = spawn(process.execPath, [MAIN, role, ...usual, ...lastArguments], {
      // The fourth is a channel that closes when we die, so that no role outlives us.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // A group of its own: Ctrl-C on the terminal reaches us alone, and we stop the roles in order.
      detached: true,
    });
    this.#child = child;
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-2_000);
      this.#log.write(chunk);
    });
    const ready = this.#readOutput(child);
    child.once("exit", (code, signal) => this.#ended(child, code, signal, ready.reject));
    const timer = setTimeout(
      () => ready.reject(new WarrenError("configuration-invalid", `${this.role} does not start`)),
      READY_TIMEOUT_MS,
    );
    try {
      return await ready.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks the process to finish and waits for its end; kills it when that takes too long. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    this.#log.end();
  }

  /** Kills the process at once, as a power cut would. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    this.#isStopping = true;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  #readOutput(
    child: ChildProcess,
  ): ReturnType<typeof Promise.withResolvers<Record<string, string>>> {
    const ready = Promise.withResolvers<Record<string, string>>();
    if (child.stdout === null) return ready;
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.#log.write(`${line}\n`);
      if (!line.includes('"event":"ready"')) return;
      ready.resolve((JSON.parse(line) as { addresses: Record<string, string> }).addresses);
    });
    return ready;
  }

  #ended(
    child: ChildProcess,
    code: number | null,
    signal: string | null,
    reject: (reason: unknown) => void,
  ): void {
    const words = this.#lastWords.trim() || `it ended with ${signal ?? `status ${code}`}`;
    reject(new WarrenError("configuration-invalid", `${this.role} did not start: ${words}`));
    if (!this.#isStopping && this.#child === child) this.#options.onUnexpectedEnd(this.role, words);
  }
}
