import type { AnsweredJoin, Joins, JoinTask } from "../../../join-server/joins/joins.ts";
import type { Logger } from "../../../logger.ts";
import type { StoreObserver } from "../../../metrics/measured-store.ts";
import type { CacheCounts } from "../../../storage/join-server/cached-device-store.ts";
import type { DataKey } from "../../../vault/data-key-vault.ts";
import { DecidingThread } from "./deciding-thread-handle.ts";
import type { ThreadCounts, ThreadSettings } from "./thread-messages.ts";

export interface DecidingThreadsOptions {
  /** 0: none is ever started. */
  readonly count: number;
  /** Decides in the main thread whatever no thread is there for. */
  readonly main: Joins;
  readonly settings: Omit<ThreadSettings, "dataKeys">;
  /** All data keys that there are now. @throws WarrenError `vault-unavailable` */
  readonly loadDataKeys: () => Promise<readonly DataKey[]>;
  readonly observer: StoreObserver;
  readonly cache: CacheCounts | undefined;
  readonly logger: Logger;
  /** See `DecidingThreadOptions`. */
  readonly module?: URL | undefined;
}

/** So many joins under way at a time are more than the main thread has done in passing. */
const CROWD = 8;
/** Joins in a crowd before threads are started, which costs memory and, for a moment, a processor. */
const START_AFTER = 100;

/**
 * Joins on threads beside the main one, which are started once many come at a time. A device always goes to the
 * same thread, which then has it in memory. A thread that has ended is started anew; until it is ready
 * the main thread decides.
 */
export class DecidingThreads implements Joins {
  readonly #options: DecidingThreadsOptions;
  #threads: readonly DecidingThread[] = [];
  #underWay = 0;
  #inCrowd = 0;

  constructor(options: DecidingThreadsOptions) {
    this.#options = options;
  }

  /** How many threads take tasks. */
  get ready(): number {
    return this.#threads.filter(({ isReady }) => isReady).length;
  }

  async answer(task: JoinTask): Promise<AnsweredJoin> {
    this.#underWay += 1;
    if (this.#threads.length === 0) this.#startInCrowd();
    try {
      const thread = this.#threadOf(task);
      return await (thread?.isReady ? thread.answer(task) : this.#options.main.answer(task));
    } finally {
      this.#underWay -= 1;
    }
  }

  /** After all joins that are under way. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #startInCrowd(): void {
    if (this.#underWay >= CROWD) this.#inCrowd += 1;
    if (this.#inCrowd < START_AFTER) return;
    const { count, settings, loadDataKeys, logger, module } = this.#options;
    this.#threads = Array.from(
      { length: count },
      () =>
        new DecidingThread({
          settings,
          loadDataKeys,
          logger,
          module,
          onCounts: (counts) => this.#note(counts),
        }),
    );
  }

  #threadOf({ request }: JoinTask): DecidingThread | undefined {
    return this.#threads[Number.parseInt(request.devEui.slice(-6), 16) % this.#threads.length];
  }

  #note({ took, failed, hits, misses }: ThreadCounts): void {
    const { observer, cache } = this.#options;
    for (const [operation, seconds] of took) observer.took(operation, seconds);
    for (const [operation, code] of failed) observer.failed(operation, code);
    if (cache === undefined) return;
    cache.hits += hits;
    cache.misses += misses;
  }
}
