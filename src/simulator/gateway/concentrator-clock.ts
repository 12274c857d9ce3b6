import type { Timeline } from "../time/timeline.ts";

const WRAP_US = 2 ** 32;

/** The 32-bit microsecond counter of a gateway over simulated time; it wraps every 71.6 minutes. */
export class ConcentratorClock {
  readonly #timeline: Timeline;
  readonly #startedAt: number;
  readonly #firstTmst: number;

  /** @param firstTmst the value the counter has now: real ones have been running for a while */
  constructor(timeline: Timeline, firstTmst: number) {
    this.#timeline = timeline;
    this.#startedAt = timeline.now();
    this.#firstTmst = firstTmst;
  }

  /** The counter at a moment of simulated time. */
  tmstAt(time: number): number {
    const elapsedUs = Math.round((time - this.#startedAt) * 1_000);
    return (((this.#firstTmst + elapsedUs) % WRAP_US) + WRAP_US) % WRAP_US;
  }

  /** The next moment at which the counter has this value. */
  momentOf(tmst: number): number {
    const now = this.#timeline.now();
    const aheadUs = (tmst - this.tmstAt(now) + WRAP_US) % WRAP_US;
    return now + aheadUs / 1_000;
  }
}
