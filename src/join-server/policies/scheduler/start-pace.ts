import type { Clock } from "../../../clock.ts";

/** Waits so many milliseconds, or until the signal: then it rejects. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>;

/** So many may wait for their turn. */
const MOST_WAITING = 64;

/** Spreads starts evenly, so that at most so many come in a minute. */
export class StartPace {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  #nextAt = 0;

  /** @param perMinute above 0 */
  constructor(perMinute: number, clock: Clock, sleep: Sleep) {
    this.#intervalMs = 60_000 / perMinute;
    this.#clock = clock;
    this.#sleep = sleep;
  }

  /** Resolves when it is time for one more start. Rejects at the signal. */
  async next(signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    // A turn that lies further ahead is one of a clock that has been set back since.
    const nextAt = Math.min(this.#nextAt, now + MOST_WAITING * this.#intervalMs);
    const at = Math.max(now, nextAt);
    this.#nextAt = at + this.#intervalMs;
    if (at > now) await this.#sleep(at - now, signal);
  }

  /** The start that was waited for did not happen. */
  giveBack(): void {
    this.#nextAt -= this.#intervalMs;
  }
}
