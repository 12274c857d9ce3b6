import type { Eui64 } from "../lorawan/identifiers.ts";

/**
 * `uplink`: a decrypted uplink. `undecryptable`: an uplink whose AppSKey can't be had. `downlink`: a
 * downlink has a new state. `session`: the device has a new session.
 */
export type EventType = "uplink" | "undecryptable" | "downlink" | "session";

/** Something an application wants to know. `data` is JSON as it is shown, and never holds a key. */
export interface NewEvent {
  readonly type: EventType;
  readonly devEui: Eui64;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface StoredEvent extends NewEvent {
  /** Grows by the order of storing and is never reused, also after a restart. */
  readonly id: number;
}

/**
 * Tells the open event streams that there are new events in the store. They read them from there, so
 * a slow stream costs no memory and a reconnecting one misses nothing that is still kept.
 */
export class EventBell {
  readonly #listeners = new Set<() => void>();
  #isRung = false;

  /** Calls `listener` soon after each commit that stored events, once for several; returns how to stop it. */
  onRing(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  ring(): void {
    if (this.#isRung) return;
    this.#isRung = true;
    // After whoever else was told of the same commit, and rings as well.
    queueMicrotask(() => {
      this.#isRung = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}
