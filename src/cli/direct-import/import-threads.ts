import { Worker } from "node:worker_threads";
import type { RawRecord } from "../../device-files/parser/raw-records.ts";
import type { ImportAnswer } from "../../server/join-server/import/schemas.ts";
import type { DataKey } from "../../vault/data-key-vault.ts";
import { errorOf, failureOf } from "../threads/failure.ts";
import { packRecords } from "./packed-records.ts";
import type { CheckAnswer, FromThread, Task, ThreadSettings, ToThread } from "./thread-messages.ts";

/** Makes it collect its garbage earlier; several batches take a tenth. */
const THREAD_MEMORY_MB = 128;
/** Keys live for one batch and hold memory that V8 does not see: with less a million devices take a fifth longer. */
const THREAD_NURSERY_MB = 32;

const THREAD = new URL("./import-thread.ts", import.meta.url);

/** Threads that look through records and import them. */
export class ImportThreads {
  readonly #threads: readonly ImportThread[];

  /** @param loadDataKeys gives all data keys that there are now */
  constructor(
    count: number,
    settings: ThreadSettings,
    loadDataKeys: () => Promise<readonly DataKey[]>,
  ) {
    this.#threads = Array.from({ length: count }, () => new ImportThread(settings, loadDataKeys));
  }

  check(records: readonly RawRecord[]): Promise<CheckAnswer> {
    return this.#leastBusy().do({
      kind: "check",
      records: packRecords(records),
    }) as Promise<CheckAnswer>;
  }

  import(records: readonly RawRecord[]): Promise<ImportAnswer> {
    return this.#leastBusy().do({
      kind: "import",
      records: packRecords(records),
    }) as Promise<ImportAnswer>;
  }

  /** Ends them after the tasks they have. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #leastBusy(): ImportThread {
    return this.#threads.reduce((a, b) => (b.tasks < a.tasks ? b : a));
  }
}

class ImportThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<CheckAnswer | ImportAnswer>>();
  readonly #ended: Promise<void>;
  #lastId = 0;

  constructor(settings: ThreadSettings, loadDataKeys: () => Promise<readonly DataKey[]>) {
    this.#worker = new Worker(THREAD, {
      workerData: settings,
      resourceLimits: {
        maxOldGenerationSizeMb: THREAD_MEMORY_MB,
        maxYoungGenerationSizeMb: THREAD_NURSERY_MB,
      },
    });
    this.#worker.on("message", (message: FromThread) => {
      if (message.kind === "data-keys-wanted") void this.#sendDataKeys(loadDataKeys);
      else this.#settle(message);
    });
    this.#worker.on("error", (error) => this.#failAll(error as Error));
    this.#ended = new Promise((resolve) => {
      this.#worker.once("exit", () => {
        this.#failAll(new Error("a thread of the import has ended"));
        resolve();
      });
    });
  }

  /** Those it has not answered. */
  get tasks(): number {
    return this.#waiting.size;
  }

  do(task: Task): Promise<CheckAnswer | ImportAnswer> {
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<CheckAnswer | ImportAnswer>();
    this.#waiting.set(id, waiting);
    this.#post({ kind: "task", id, task });
    return waiting.promise;
  }

  close(): Promise<void> {
    this.#post({ kind: "close" });
    return this.#ended;
  }

  async #sendDataKeys(load: () => Promise<readonly DataKey[]>): Promise<void> {
    const dataKeys = await load().catch(failureOf);
    this.#post({ kind: "data-keys", dataKeys });
  }

  #settle(message: Exclude<FromThread, { kind: "data-keys-wanted" }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === "answer") waiting?.resolve(message.answer);
    else waiting?.reject(errorOf(message.failure));
  }

  #failAll(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}
