import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";
import type { OutboxMessage } from "../session/device.ts";
import type { MessageBatch, NetworkServerStore } from "../store.ts";
import type { ApplicationServerAddress } from "./application-server-address.ts";
import { batchBody, formatMessages } from "./message-text.ts";
import { postMessage } from "./post-message.ts";

export interface BatchDeliveryOptions {
  readonly store: Pick<
    NetworkServerStore,
    "batchAsIds" | "batchCount" | "firstBatches" | "heldBack" | "settleBatch"
  >;
  /** By AS-ID. */
  readonly applicationServers: ReadonlyMap<string, ApplicationServerAddress>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stop: AbortSignal;
  /** Wait after the first failure; doubled after each further one. */
  readonly firstRetryMs: number;
  /** Messages that could not be delivered in a batch wait each for itself now. */
  readonly onLeft: () => void;
  /** The storage has failed. */
  readonly onFailure: (error: unknown) => void;
}

/** Of one request. */
const MAX_MESSAGES = 1_000;
/** Attempts to deliver a batch. */
const MAX_FAILURES = 3;
/** With more that wait the oldest are left to the outbox at once, where there is a limit for each device. */
const MAX_BATCHES = 200;
/** So long no batch goes to an Application Server that does not know them. */
const SINGLES_MS = 600_000;

/**
 * Brings batches to the Application Servers, to each one after the other. What does not arrive after a few
 * attempts is left to the outbox, which repeats it for each device by itself.
 */
export class BatchDelivery {
  readonly #options: BatchDeliveryOptions;
  readonly #running = new Map<string, Promise<void>>();
  /** Epoch ms until which an Application Server gets single messages, by AS-ID. */
  readonly #singlesUntil = new Map<string, number>();

  constructor(options: BatchDeliveryOptions) {
    this.#options = options;
  }

  /** Batches may have been stored. */
  wake(): void {
    for (const asId of this.#options.store.batchAsIds()) {
      if (this.#running.has(asId)) continue;
      const running = this.#run(asId)
        .catch(this.#options.onFailure)
        .finally(() => this.#running.delete(asId));
      this.#running.set(asId, running);
    }
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async #run(asId: string): Promise<void> {
    const { store, stop, firstRetryMs } = this.#options;
    let failures = 0;
    for (;;) {
      const batches = store.firstBatches(asId, MAX_MESSAGES);
      if (batches.length === 0 || stop.aborted) return;
      const isTooMuch = failures >= MAX_FAILURES || store.batchCount(asId) > MAX_BATCHES;
      const left = isTooMuch ? messagesOf(batches) : await this.#deliver(asId, batches);
      // They stay stored as they are: what was under way at the end may come twice.
      if (stop.aborted) return;
      if (left === undefined) {
        await pause(firstRetryMs * 2 ** failures, stop);
        failures += 1;
      } else {
        this.#settle(batches, left);
        failures = 0;
      }
    }
  }

  #settle(batches: readonly MessageBatch[], left: readonly OutboxMessage[]): void {
    const { store, onLeft } = this.#options;
    const isLeft = new Set(left);
    for (const batch of batches) {
      store.settleBatch(
        batch,
        batch.messages.filter((message) => isLeft.has(message)),
      );
    }
    if (left.length > 0) onLeft();
  }

  /** What is left of batches; undefined when nobody knows what has arrived. */
  async #deliver(
    asId: string,
    batches: readonly MessageBatch[],
  ): Promise<readonly OutboxMessage[] | undefined> {
    const { applicationServers, store, clock, logger, stop } = this.#options;
    const address = applicationServers.get(asId);
    const messages = messagesOf(batches);
    if (address === undefined || clock.now() < (this.#singlesUntil.get(asId) ?? 0)) return messages;
    const held = batches.flatMap((batch) => store.heldBack(batch));
    const isHeld = new Set(held);
    const sent = held.length === 0 ? messages : messages.filter((each) => !isHeld.has(each));
    if (sent.length === 0) return held;
    const texts = held.length === 0 ? batches.map(({ text }) => text) : [formatMessages(sent)];
    const outcome = await postMessage(address, "/network-server/messages", batchBody(texts), stop);
    if ("body" in outcome) return [...held, ...failedOf(sent, outcome.body)];
    const { status = 500, problem } = outcome;
    if (status === 404) this.#singlesUntil.set(asId, clock.now() + SINGLES_MS);
    if (!stop.aborted) {
      logger.warn({ event: "batch-not-delivered", asId, count: messages.length }, problem);
    }
    return status >= 500 ? undefined : messages;
  }
}

/** Ends early, and quietly, when all stops. */
async function pause(durationMs: number, stop: AbortSignal): Promise<void> {
  try {
    await delay(durationMs, undefined, { signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

function messagesOf(batches: readonly MessageBatch[]): readonly OutboxMessage[] {
  return batches.flatMap(({ messages }) => messages);
}

/** The messages that an Application Server wants again; all of them if its answer can't be read. */
function failedOf(messages: readonly OutboxMessage[], body: string): readonly OutboxMessage[] {
  try {
    const { Failed } = JSON.parse(body) as { readonly Failed: readonly { Index: number }[] };
    const indices = new Set(Failed.map(({ Index }) => Index));
    const devEuis = new Set(
      messages.filter((_, index) => indices.has(index)).map(({ devEui }) => devEui),
    );
    // What follows a failed message of its device comes again as well: in order.
    return devEuis.size === 0 ? [] : messages.filter(({ devEui }) => devEuis.has(devEui));
  } catch {
    return messages;
  }
}
