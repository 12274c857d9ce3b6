import type { EventSink, JoinServerEvent } from "../join-server/ports/events.ts";
import type { Logger } from "../logger.ts";

/** An event with its place in the order of all events of this process. */
export interface NumberedEvent {
  /** Grows with every event, also over restarts: it starts from the time of the start. */
  readonly id: number;
  readonly event: JoinServerEvent;
}

/** Takes an event that has happened. Quick: everybody else's events wait for it. */
export type EventSubscriber = (event: NumberedEvent) => void;

/** How many events a stream can catch up on. */
const KEPT_EVENTS = 1_000;
/** Ids of one millisecond: more events than a process can have in one. */
const IDS_PER_MS = 1_000;

/**
 * Tells events to everybody who wants them. Publishing is a push to a list; subscribers hear of it once
 * the answer that the event belongs to has left. One that throws costs nobody else the event.
 */
export class EventHub implements EventSink {
  readonly #logger: Logger;
  readonly #subscribers = new Set<EventSubscriber>();
  readonly #kept: NumberedEvent[] = [];
  #waiting: NumberedEvent[] = [];
  #lastId: number;
  /** Where the oldest kept event stands, once the list is full. */
  #oldest = 0;

  /** @param startedAt epoch milliseconds; ids begin here */
  constructor(logger: Logger, startedAt: number) {
    this.#logger = logger;
    this.#lastId = startedAt * IDS_PER_MS;
  }

  publish(event: JoinServerEvent): void {
    this.#lastId += 1;
    if (this.#waiting.length === 0) setImmediate(() => this.flush());
    this.#waiting.push({ id: this.#lastId, event });
  }

  /** @returns ends the subscription */
  subscribe(subscriber: EventSubscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** Events after the one of this id, oldest first: at most the last 1,000. */
  eventsAfter(id: number): NumberedEvent[] {
    const inOrder = [...this.#kept.slice(this.#oldest), ...this.#kept.slice(0, this.#oldest)];
    return inOrder.filter((event) => event.id > id);
  }

  /** Tells now what waits to be told. */
  flush(): void {
    const events = this.#waiting;
    this.#waiting = [];
    for (const event of events) {
      this.#keep(event);
      for (const subscriber of this.#subscribers) this.#tell(subscriber, event);
    }
  }

  #keep(event: NumberedEvent): void {
    this.#kept[this.#oldest] = event;
    this.#oldest = (this.#oldest + 1) % KEPT_EVENTS;
  }

  #tell(subscriber: EventSubscriber, event: NumberedEvent): void {
    try {
      subscriber(event);
    } catch (error) {
      this.#logger.error({ event: "defect", err: error }, "a subscriber of events failed");
    }
  }
}
