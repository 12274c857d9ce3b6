import { Worker } from "node:worker_threads";
import type { JoinRow } from "../../join-row.ts";
import type { JoinOutcome } from "./join-row.ts";
import {
  type JoinRowWriter,
  refusedJoin,
  settleJoins,
  type WaitingJoin,
} from "./join-row-writer.ts";
import type { FromJoinThread, JoinThreadSettings, ToJoinThread } from "./thread-messages.ts";

const THREAD = new URL("./join-thread.ts", import.meta.url);

/**
 * Has joins written by a thread of its own, many in one transaction, while this thread goes on. The thread is
 * started with `start` or the first join, and anew after one that has failed.
 */
export class JoinWriter implements JoinRowWriter {
  readonly #settings: JoinThreadSettings;
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  /** Not sent yet. */
  #waiting: WaitingJoin[] = [];
  /** Sent, and in this order answered. */
  #sent: WaitingJoin[][] = [];

  constructor(settings: JoinThreadSettings) {
    this.#settings = settings;
  }

  /** Begins to start the thread, so that the first join need not wait for it. The database must be there. */
  start(): void {
    this.#thread();
  }

  write(row: JoinRow): Promise<JoinOutcome> {
    const outcome = Promise.withResolvers<JoinOutcome>();
    // What the same turn of the event loop brings goes in one message.
    if (this.#waiting.length === 0) setImmediate(() => this.#send());
    this.#waiting.push({ row, outcome });
    return outcome.promise;
  }

  async close(): Promise<void> {
    this.#send();
    this.#worker?.postMessage({ kind: "close" } satisfies ToJoinThread);
    await this.#ended;
  }

  #send(): void {
    const rows = this.#waiting;
    if (rows.length === 0) return;
    this.#waiting = [];
    this.#sent.push(rows);
    const message: ToJoinThread = { kind: "rows", rows: rows.map(({ row }) => row) };
    this.#thread().postMessage(message);
  }

  #thread(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(THREAD, { workerData: this.#settings });
    let problem: unknown = new Error("the thread that writes joins has ended");
    worker.on("message", (outcomes: FromJoinThread) => {
      settleJoins(this.#sent.shift() ?? [], outcomes);
    });
    worker.on("error", (error) => {
      problem = error;
    });
    this.#ended = new Promise((resolve) => {
      worker.once("exit", () => {
        this.#worker = undefined;
        this.#failSent(problem);
        resolve();
      });
    });
    this.#worker = worker;
    return worker;
  }

  /** Whether they were written is not known. */
  #failSent(cause: unknown): void {
    const sent = this.#sent;
    this.#sent = [];
    for (const { outcome } of sent.flat()) outcome.reject(refusedJoin(cause));
  }
}
