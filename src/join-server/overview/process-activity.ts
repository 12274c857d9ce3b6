import type { JoinServerEvent } from "../ports/events.ts";
import { ActivityCounts, type ActivityInterval } from "./activity-counts.ts";

const MINUTE_MS = 60_000;
const FINE_MINUTES = 180;
const COARSE_MINUTES = 10;
/** The longest time that can be asked for. */
export const ACTIVITY_MINUTES_MAX = 1_440;

/** What has happened in a time, in intervals. */
export interface Activity {
  /** Epoch milliseconds when this process began to count. */
  readonly since: number;
  readonly intervalMs: number;
  /** Oldest first; the last one goes on. None begins before the interval of `since`. */
  readonly intervals: readonly ActivityInterval[];
}

/**
 * What this process has seen happen: of the last 3 hours by the minute, of the last 24 by ten minutes. It is in
 * memory, some kilobytes for ever.
 */
export class ProcessActivity {
  readonly #since: number;
  readonly #fine = new ActivityCounts(MINUTE_MS, FINE_MINUTES + 1);
  readonly #coarse = new ActivityCounts(
    COARSE_MINUTES * MINUTE_MS,
    ACTIVITY_MINUTES_MAX / COARSE_MINUTES + 1,
  );

  /** @param since epoch milliseconds of the start of the process */
  constructor(since: number) {
    this.#since = since;
  }

  receive(event: JoinServerEvent): void {
    this.#fine.receive(event);
    this.#coarse.receive(event);
  }

  /** @param minutes how far back, at most `ACTIVITY_MINUTES_MAX` */
  read(minutes: number, now: number): Activity {
    const counts = minutes <= FINE_MINUTES ? this.#fine : this.#coarse;
    const from = Math.max(this.#since, now - minutes * MINUTE_MS);
    const { intervalMs } = counts;
    return { since: this.#since, intervalMs, intervals: counts.between(from, now) };
  }
}
