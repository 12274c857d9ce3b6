import type { Eui64 } from "../../lorawan/identifiers.ts";

/** Of one device: the one under way and one that waits. Further ones could hardly be answered in time. */
const MAX_PER_DEVICE = 2;
/** Of all devices: each one under way holds a connection to the Join Server. */
const DEFAULT_MAX_TOTAL = 500;

/**
 * Bounds the joins and rejoins that are under way or wait, since anybody can send Join-requests and a Join
 * Server may be slow to answer them.
 */
export class ActivationLimit {
  readonly #maxTotal: number;
  readonly #countByDevice = new Map<Eui64, number>();
  #total = 0;

  constructor(maxTotal = DEFAULT_MAX_TOTAL) {
    this.#maxTotal = maxTotal;
  }

  /** Does the work if there is room for it. Resolves to false, at once, when there is none. */
  async run(devEui: Eui64, work: () => Promise<void>): Promise<boolean> {
    const count = this.#countByDevice.get(devEui) ?? 0;
    if (count >= MAX_PER_DEVICE || this.#total >= this.#maxTotal) return false;
    this.#count(devEui, 1);
    try {
      await work();
      return true;
    } finally {
      this.#count(devEui, -1);
    }
  }

  #count(devEui: Eui64, change: 1 | -1): void {
    this.#total += change;
    const count = (this.#countByDevice.get(devEui) ?? 0) + change;
    if (count === 0) this.#countByDevice.delete(devEui);
    else this.#countByDevice.set(devEui, count);
  }
}
