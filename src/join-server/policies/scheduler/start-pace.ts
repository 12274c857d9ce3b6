import type { Clock } from "../../../clock.ts";

/** So many may wait for their turn. */
const MOST_WAITING = 64;

/** Spreads starts evenly, so that at most so many come in a minute. */
export class StartPace {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #pause: (ms: number) => Promise<void>;
  #nextAt = 0;

  /**
   * @param perMinute above 0
   * @param pause waits so many milliseconds; rejects when there is nothing to wait for any more
   */
  constructor(perMinute: number, clock: Clock, pause: (ms: number) => Promise<void>) {
    this.#intervalMs = 60_000 / perMinute;
    this.#clock = clock;
    this.#pause = pause;
  }

  /** Resolves when it is time for one more start. Rejects when the pause does. */
  async next(): Promise<void> {
    const now = this.#clock.now();
    // A turn that lies further ahead is one of a clock that has been set back since.
    const nextAt = Math.min(this.#nextAt, now + MOST_WAITING * this.#intervalMs);
    const at = Math.max(now, nextAt);
    this.#nextAt = at + this.#intervalMs;
    if (at > now) await this.#pause(at - now);
  }

  /** The start that was waited for did not happen. */
  giveBack(): void {
    this.#nextAt -= this.#intervalMs;
  }
}
