import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import type { EventKind } from "../../join-server/ports/events.ts";
import type { Logger } from "../../logger.ts";
import type { NumberedEvent } from "../event-hub.ts";
import { type EventJson, eventJson } from "../event-json.ts";
import type { WebhookClient } from "./webhook-client.ts";
import { signWebhook } from "./webhook-signature.ts";

export interface WebhookOptions {
  /** For people: shown in the log and with the metrics. Holds no path, which may be a secret. */
  readonly name: string;
  readonly client: WebhookClient;
  readonly secret: Uint8Array;
  /** Empty: all. */
  readonly kinds: readonly EventKind[];
  /** Events that may wait. */
  readonly queueLength: number;
  /** Random text that sets this process apart from others in `webhook-id`. */
  readonly senderName: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: `BACK_OFF`. */
  readonly backOff?: BackOff;
}

/** Waits between attempts: random, up to a bound that doubles from the first to the longest. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** Events that nobody has taken for this long after their first attempt are dropped. */
  readonly giveUpMs: number;
}

const BACK_OFF: BackOff = { firstMs: 1_000, longestMs: 60_000, giveUpMs: 15 * 60_000 };
/** Events of one request at most. */
const BATCH = 100;

/** How many events went which way, for the metrics. */
export interface WebhookCounts {
  delivered: number;
  /** Came while the queue was full, or nobody took them in time. */
  dropped: number;
  failedAttempts: number;
}

/**
 * Delivers events to one receiver, in order, several in a request when they come faster than it answers.
 * A request that fails is made again, so an event may come twice. What waits is lost when the process dies.
 */
export class Webhook {
  readonly counts: WebhookCounts = { delivered: 0, dropped: 0, failedAttempts: 0 };
  readonly #options: WebhookOptions;
  readonly #kinds: ReadonlySet<EventKind>;
  readonly #stop = new AbortController();
  readonly #hurry = new AbortController();
  #queue: EventJson[] = [];
  #isClosing = false;
  #isOverflowing = false;
  #delivery: Promise<void> | undefined;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#kinds = new Set(options.kinds);
  }

  get name(): string {
    return this.#options.name;
  }

  /** Events that wait, with those under way. */
  get waiting(): number {
    return this.#queue.length;
  }

  receive(event: NumberedEvent): void {
    if (this.#isClosing || (this.#kinds.size > 0 && !this.#kinds.has(event.event.kind))) return;
    if (this.#queue.length >= this.#options.queueLength) {
      this.#drop(1, "queue-full");
      return;
    }
    if (this.#queue.length < this.#options.queueLength / 2) this.#isOverflowing = false;
    this.#queue.push(eventJson(event));
    this.#delivery ??= this.#deliver().finally(() => {
      this.#delivery = undefined;
    });
  }

  /** Tries once more at once to deliver what waits, for at most `graceMs`; the rest is lost. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    this.#hurry.abort();
    const timer = setTimeout(() => this.#stop.abort(), graceMs);
    await this.#delivery;
    clearTimeout(timer);
    if (this.#queue.length > 0) this.#drop(this.#queue.length, "stopped");
    this.#queue = [];
    await this.#options.client.close();
  }

  async #deliver(): Promise<void> {
    while (this.#queue.length > 0 && !this.#stop.signal.aborted) {
      const batch = this.#queue.slice(0, BATCH);
      const isTaken = await this.#deliverBatch(batch);
      if (this.#stop.signal.aborted && !isTaken) return;
      this.#queue.splice(0, batch.length);
      if (isTaken) this.counts.delivered += batch.length;
      else this.#drop(batch.length, "not-taken");
      if (!isTaken && this.#isClosing) return;
    }
  }

  async #deliverBatch(batch: readonly EventJson[]): Promise<boolean> {
    const { client, clock, secret, senderName, backOff = BACK_OFF } = this.#options;
    const body = JSON.stringify({ type: "warren.events", events: batch });
    const id = `msg_${senderName}_${batch[0]?.id}_${batch.length}`;
    const firstAt = clock.now();
    for (let attempt = 1; ; attempt++) {
      const isLast = this.#isClosing;
      const headers = signWebhook(secret, id, clock.now(), body);
      const failure = await client.post(body, headers, this.#stop.signal);
      if (failure === undefined) return true;
      this.counts.failedAttempts += 1;
      this.#options.logger.warn({
        event: "webhook-attempt-failed",
        webhook: this.name,
        attempt,
        reason: failure,
      });
      const isOver = clock.now() - firstAt >= backOff.giveUpMs;
      // A wait is cut short by the close, so what was tried before it gets one more attempt.
      if (isOver || isLast || this.#stop.signal.aborted) return false;
      await this.#wait(backOff, attempt);
    }
  }

  async #wait({ firstMs, longestMs }: BackOff, attempt: number): Promise<void> {
    const bound = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
    const signal = this.#hurry.signal;
    // At least half of the bound, and not all receivers at the same moment.
    await sleep(bound / 2 + (Math.random() * bound) / 2, undefined, { signal }).catch(
      () => undefined,
    );
  }

  /** Of a full queue only the first event is logged, until it is half empty again. */
  #drop(count: number, reason: string): void {
    this.counts.dropped += count;
    if (reason === "queue-full" && this.#isOverflowing) return;
    this.#isOverflowing = reason === "queue-full";
    const fields = { event: "webhook-events-dropped", webhook: this.name, count, reason };
    this.#options.logger.warn(fields);
  }
}
