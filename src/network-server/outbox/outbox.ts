import type { Clock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { LONGEST_RETRY_MS, type NetworkServerStore, type StoredMessage } from "../store.ts";
import type { ApplicationServerAddress } from "./application-server-address.ts";
import { BatchDelivery } from "./batch-delivery.ts";
import { postMessage } from "./post-message.ts";

export interface OutboxOptions {
  readonly store: NetworkServerStore;
  /** By AS-ID. */
  readonly applicationServers: ReadonlyMap<string, ApplicationServerAddress>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Wait after the first failure; doubled after each further one. Default 500. */
  readonly firstRetryMs?: number;
}

const DEFAULT_FIRST_RETRY_MS = 500;
/** Wait after a failure of the storage. */
const STORAGE_RETRY_MS = 1_000;
/** Devices served at the same time. */
const CONCURRENCY = 16;

/**
 * Brings stored messages to the Application Servers: in order for each device, repeated until it answers
 * 2xx. What is delivered is deleted, so a message may arrive twice but never not at all, unless so many of its device wait
 * that the store drops the oldest.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWoken = false;
  readonly #stop = new AbortController();
  readonly #batches: BatchDelivery;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#batches = new BatchDelivery({
      ...options,
      firstRetryMs: options.firstRetryMs ?? DEFAULT_FIRST_RETRY_MS,
      stop: this.#stop.signal,
      onLeft: () => this.#wakeSingles(),
      onFailure: (error) => this.#failed(error),
    });
  }

  /** Messages have been stored, or this is the start. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    this.#batches.wake();
    this.#wakeSingles();
  }

  #wakeSingles(): void {
    if (this.#stop.signal.aborted) return;
    this.#isWoken = true;
    clearTimeout(this.#timer);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#isWoken) this.#wakeSingles();
    });
  }

  /** Stops at once; what was not delivered stays stored. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await Promise.all([this.#running, this.#batches.idle()]);
  }

  async #run(): Promise<void> {
    const { store, clock } = this.#options;
    try {
      while (this.#isWoken && !this.#stop.signal.aborted) {
        this.#isWoken = false;
        const due = store.dueMessages(clock.now(), CONCURRENCY);
        const outcomes = await allOf(due.map((message) => this.#deliver(message)));
        const delivered = due.filter((_, index) => outcomes[index] === true);
        if (delivered.length > 0) store.deleteMessages(delivered.map(({ id }) => id));
        // Behind a delivered message the next of its device may wait.
        if (delivered.length > 0 || due.length === CONCURRENCY) this.#isWoken = true;
      }
      if (!this.#stop.signal.aborted) this.#sleep();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** What was not deleted is delivered again: that is what an Application Server drops. */
  #failed(error: unknown): void {
    const { logger } = this.#options;
    if (error instanceof WarrenError) {
      logger.error({ event: "outbox-failed", code: error.code, err: error }, error.message);
    } else {
      logger.error({ event: "defect", err: error }, "unexpected error");
    }
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), STORAGE_RETRY_MS);
  }

  #sleep(): void {
    const { store, clock } = this.#options;
    const dueAt = store.nextMessageDueAt();
    if (dueAt === undefined) return;
    const waitMs = Math.min(Math.max(dueAt - clock.now(), 10), LONGEST_RETRY_MS);
    this.#timer = setTimeout(() => this.wake(), waitMs);
  }

  /** Whether it was delivered: then it is to be deleted. */
  async #deliver(message: StoredMessage): Promise<boolean> {
    const { store, clock, logger, firstRetryMs = DEFAULT_FIRST_RETRY_MS } = this.#options;
    const problem = await this.#post(message);
    if (this.#stop.signal.aborted) return false;
    if (problem === undefined) return true;
    const retryMs = Math.min(firstRetryMs * 2 ** Math.min(message.attempts, 20), LONGEST_RETRY_MS);
    store.postponeMessage(message.id, clock.now() + retryMs);
    const { devEui, asId, path } = message;
    logger.warn({ event: "delivery-failed", devEui, asId, path, retryMs }, problem);
    return false;
  }

  /** What went wrong, for people. */
  async #post({ asId, path, body }: StoredMessage): Promise<string | undefined> {
    const address = this.#options.applicationServers.get(asId);
    if (address === undefined) return "no address is known for this Application Server";
    const outcome = await postMessage(address, path, JSON.stringify(body), this.#stop.signal);
    return "problem" in outcome ? outcome.problem : undefined;
  }
}

/** Waits for all of them, even when one fails, so that none is still under way when it is repeated. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
