import type { Cancel, Timeline } from "../../../src/simulator/time/timeline.ts";
import { WorkQueue } from "../../../src/simulator/time/work-queue.ts";

/** Simulated time that moves only when told to. */
export class ManualTimeline implements Timeline {
  readonly #queue = new WorkQueue();
  #now = Date.UTC(2026, 0, 1);

  now(): number {
    return this.#now;
  }

  at(time: number, work: () => void): Cancel {
    const entry = this.#queue.add(Math.max(time, this.#now), work);
    return () => {
      entry.work = undefined;
    };
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#queue.takeUntil(until);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.time);
      next.work();
    }
    this.#now = until;
  }

  /** Goes on in small steps until `isDone`; gives up after `limitMs`. */
  advanceUntil(isDone: () => boolean, limitMs = 3_600_000): void {
    const limit = this.#now + limitMs;
    while (!isDone()) {
      if (this.#now >= limit) throw new Error("it did not happen in time");
      this.advance(100);
    }
  }
}
