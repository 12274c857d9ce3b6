import { useEffect, useSyncExternalStore } from "react";

/** As the server tells it; never a key. */
export interface ServerEvent {
  readonly kind: string;
  readonly at: string;
  readonly devEui?: string;
  readonly campaignId?: string;
  readonly reason?: string;
  readonly remedy?: string;
  readonly [member: string]: unknown;
}

export type StreamState = "connecting" | "live" | "interrupted";

/** Kinds as in `src/join-server/ports/events.ts`; a stream tells each as an event of its own name. */
export const EVENT_KINDS = [
  "join-accepted",
  "join-refused",
  "rejoin-accepted",
  "rejoin-refused",
  "app-s-key-delivered",
  "app-s-key-refused",
  "update-started",
  "update-accepted",
  "update-confirmed",
  "update-committed",
  "update-failed",
  "device-created",
  "devices-imported",
  "device-changed",
  "device-deleted",
  "nonces-reset",
  "security-event",
  "campaign-started",
  "campaign-paused",
  "campaign-resumed",
  "campaign-finished",
  "campaign-aborted",
] as const;

/** The one stream of this page, shared by all that listen. The browser connects it again by itself. */
class EventStream {
  state: StreamState = "connecting";
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  readonly #stateListeners = new Set<() => void>();
  #source: EventSource | undefined;

  open(): void {
    if (this.#source !== undefined) return;
    const source = new EventSource("/api/v1/events");
    this.#source = source;
    source.onopen = () => this.#setState("live");
    source.onerror = () => this.#setState("interrupted");
    for (const kind of EVENT_KINDS) {
      source.addEventListener(kind, (message) => {
        const event = JSON.parse((message as MessageEvent<string>).data) as ServerEvent;
        for (const listener of this.#listeners) listener(event);
      });
    }
  }

  close(): void {
    this.#source?.close();
    this.#source = undefined;
    this.#setState("connecting");
  }

  listen(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly listenToState = (listener: () => void): (() => void) => {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  };

  #setState(state: StreamState): void {
    this.state = state;
    for (const listener of this.#stateListeners) listener();
  }
}

export const eventStream = new EventStream();

/** Calls `onEvent` with each event while the component is shown. Give a function that stays the same. */
export function useEvents(onEvent: (event: ServerEvent) => void): void {
  useEffect(() => eventStream.listen(onEvent), [onEvent]);
}

export function useStreamState(): StreamState {
  return useSyncExternalStore(eventStream.listenToState, () => eventStream.state);
}
