import { Worker } from "node:worker_threads";
import { WarrenError } from "../../../errors.ts";
import type { AnsweredJoin, JoinTask } from "../../../join-server/joins/joins.ts";
import type { Logger } from "../../../logger.ts";
import type { DataKey } from "../../../vault/data-key-vault.ts";
import { errorOf, failureOf } from "../../threads/failure.ts";
import type {
  FromThread,
  NumberedAnswer,
  NumberedTask,
  ThreadCounts,
  ThreadSettings,
  ToThread,
} from "./thread-messages.ts";

export interface DecidingThreadOptions {
  readonly settings: Omit<ThreadSettings, "dataKeys">;
  readonly loadDataKeys: () => Promise<readonly DataKey[]>;
  readonly logger: Logger;
  readonly onCounts: (counts: ThreadCounts) => void;
  /** The module of the thread; default ours. */
  readonly module?: URL | undefined;
}

const THREAD = new URL("./deciding-thread.ts", import.meta.url);

/** For what it has under way at a stop. */
const CLOSE_GRACE_MS = 1_000;
/** Before one that has ended is started anew. */
const RESTART_AFTER_MS = 1_000;

/** One thread that decides joins, as the main thread sees it. */
export class DecidingThread {
  readonly #options: DecidingThreadOptions;
  #worker: Worker | undefined;
  #isReady = false;
  #isClosing = false;
  #restart: NodeJS.Timeout | undefined;
  #ended: Promise<void> = Promise.resolve();
  readonly #waiting = new Map<number, PromiseWithResolvers<AnsweredJoin>>();
  /** Not sent yet. */
  #unsent: NumberedTask[] = [];
  #lastId = 0;

  /** Starts it. */
  constructor(options: DecidingThreadOptions) {
    this.#options = options;
    void this.#start();
  }

  /** Whether it takes tasks. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** @throws WarrenError as `Joins.answer`; `storage-failed` when the thread ends: the join may be stored or not */
  answer(task: JoinTask): Promise<AnsweredJoin> {
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<AnsweredJoin>();
    this.#waiting.set(id, waiting);
    // Those of the same turn of the event loop go in one message.
    if (this.#unsent.length === 0) setImmediate(() => this.#send());
    this.#unsent.push({ id, task });
    return waiting.promise;
  }

  /** After all that it was given. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#isReady = false;
    clearTimeout(this.#restart);
    this.#send();
    this.#post({ kind: "close" });
    const timer = setTimeout(() => void this.#worker?.terminate(), CLOSE_GRACE_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  async #start(): Promise<void> {
    const { settings, loadDataKeys } = this.#options;
    try {
      const dataKeys = await loadDataKeys();
      if (!this.#isClosing) this.#run({ ...settings, dataKeys });
    } catch (error) {
      this.#hasEnded(error);
    }
  }

  #run(workerData: ThreadSettings): void {
    const worker = new Worker(this.#options.module ?? THREAD, { workerData });
    let problem: unknown = new Error("it has stopped by itself");
    worker.on("message", (message: FromThread) => this.#receive(message));
    worker.on("error", (error) => {
      problem = error;
    });
    this.#ended = new Promise((resolve) => {
      worker.once("exit", () => {
        this.#hasEnded(problem);
        resolve();
      });
    });
    this.#worker = worker;
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case "ready":
        this.#isReady = !this.#isClosing;
        this.#options.logger.info({ event: "join-thread-ready" }, "a thread decides joins");
        return;
      case "answers":
        this.#options.onCounts(message.counts);
        for (const answer of message.answers) this.#settle(answer);
        return;
      case "data-keys-wanted":
        void this.#sendDataKeys();
        return;
      case "warning":
        this.#options.logger.warn(message.fields, message.message);
    }
  }

  #settle(answer: NumberedAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("answered" in answer) waiting?.resolve(answer.answered);
    else waiting?.reject(errorOf(answer.failure));
  }

  async #sendDataKeys(): Promise<void> {
    const dataKeys = await this.#options.loadDataKeys().catch(failureOf);
    this.#post({ kind: "data-keys", dataKeys });
  }

  #send(): void {
    const tasks = this.#unsent;
    if (tasks.length === 0) return;
    this.#unsent = [];
    this.#post({ kind: "tasks", tasks });
  }

  #post(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  #hasEnded(cause: unknown): void {
    this.#worker = undefined;
    this.#isReady = false;
    this.#unsent = [];
    for (const waiting of this.#waiting.values()) waiting.reject(lost(cause));
    this.#waiting.clear();
    if (this.#isClosing) return;
    const { logger } = this.#options;
    logger.error(
      { event: "join-thread-ended", err: cause },
      "a thread that decides joins has ended; the main thread decides until it is started anew",
    );
    this.#restart = setTimeout(() => void this.#start(), RESTART_AFTER_MS).unref();
  }
}

function lost(cause: unknown): WarrenError {
  return new WarrenError(
    "storage-failed",
    "the thread that decided the join has ended; whether it is stored is not known",
    { cause },
  );
}
