import type { Eui64 } from "../lorawan/identifiers.ts";

/** Runs the work of one end-device strictly one after the other; different devices do not wait. */
export class DeviceQueues {
  readonly #tails = new Map<Eui64, Promise<void>>();

  /** Runs `work` after all work added for this device before. It must not reject. */
  add(devEui: Eui64, work: () => Promise<void>): Promise<void> {
    const tail = (this.#tails.get(devEui) ?? Promise.resolve()).then(work);
    this.#tails.set(devEui, tail);
    return tail.finally(() => {
      if (this.#tails.get(devEui) === tail) this.#tails.delete(devEui);
    });
  }

  /** Resolves once all work added so far is done. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#tails.values());
  }
}
