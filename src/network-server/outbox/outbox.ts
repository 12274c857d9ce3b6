import type { Clock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { NetworkServerStore, StoredMessage } from "../store.ts";

export interface OutboxOptions {
  readonly store: NetworkServerStore;
  /** Base URLs by AS-ID, without a slash at the end. */
  readonly applicationServers: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Wait after the first failure; doubled after each further one. Default 500. */
  readonly firstRetryMs?: number;
}

const DEFAULT_FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 60_000;
/** Wait after a failure of the storage. */
const STORAGE_RETRY_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** Devices served at the same time. */
const CONCURRENCY = 16;

/**
 * Brings stored messages to the Application Servers: in order for each device, repeated until it answers
 * 2xx. What is delivered is deleted, so a message may arrive twice but never not at all.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWoken = false;
  readonly #stop = new AbortController();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Messages have been stored, or this is the start. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    this.#isWoken = true;
    clearTimeout(this.#timer);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#isWoken) this.wake();
    });
  }

  /** Stops at once; what was not delivered stays stored. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { store, clock, logger } = this.#options;
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
      if (error instanceof WarrenError) {
        logger.error({ event: "outbox-failed", code: error.code, err: error }, error.message);
      } else {
        logger.error({ event: "defect", err: error }, "unexpected error");
      }
      if (this.#stop.signal.aborted) return;
      this.#timer = setTimeout(() => this.wake(), STORAGE_RETRY_MS);
    }
  }

  #sleep(): void {
    const { store, clock } = this.#options;
    const dueAt = store.nextMessageDueAt();
    if (dueAt === undefined) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(dueAt - clock.now(), 10));
  }

  /** Whether it was delivered: then it is to be deleted. */
  async #deliver(message: StoredMessage): Promise<boolean> {
    const { store, clock, logger, firstRetryMs = DEFAULT_FIRST_RETRY_MS } = this.#options;
    const problem = await this.#post(message);
    if (this.#stop.signal.aborted) return false;
    if (problem === undefined) return true;
    const retryMs = Math.min(firstRetryMs * 2 ** Math.min(message.attempts, 20), MAX_RETRY_MS);
    store.postponeMessage(message.id, clock.now() + retryMs);
    const { devEui, asId, path } = message;
    logger.warn({ event: "delivery-failed", devEui, asId, path, retryMs }, problem);
    return false;
  }

  /** What went wrong, for people. */
  async #post({ asId, path, body }: StoredMessage): Promise<string | undefined> {
    const url = this.#options.applicationServers.get(asId);
    if (url === undefined) return "no address is known for this Application Server";
    try {
      const response = await fetch(`${url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      return response.ok ? undefined : `the Application Server answered HTTP ${response.status}`;
    } catch {
      return "the Application Server does not answer";
    }
  }
}

/** Waits for all of them, even when one fails, so that none is still under way when it is repeated. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
