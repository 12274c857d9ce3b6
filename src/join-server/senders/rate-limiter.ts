import { WarrenError } from "../../errors.ts";
import { NewestEntries } from "../../newest-entries.ts";
import type { RateLimit } from "../peers.ts";

/** Keys remembered at most, in two halves: about 30 MB when both are full. */
const MAX_KEYS_PER_HALF = 100_000;
/** How long a half that is not full takes new keys. */
const HALF_LASTS_MS = 60_000;

/**
 * Token buckets by key. Kept of each is one number, the time when it will be full again (the generic cell
 * rate algorithm), and only while it is not full. When more keys come than are remembered, the older half
 * is forgotten: those buckets are full again, which refuses nobody.
 */
export class RateLimiter {
  readonly #fullAt = new NewestEntries<string, number>();
  #newerBeganAt = 0;
  /** When the last bucket of each half is full, and the half of no more interest. */
  #newerFullAt = 0;
  #olderFullAt = 0;
  readonly #maxKeysPerHalf: number;

  constructor(maxKeysPerHalf = MAX_KEYS_PER_HALF) {
    this.#maxKeysPerHalf = maxKeysPerHalf;
  }

  /**
   * Takes one token out of the bucket of `key`.
   *
   * @param now epoch milliseconds
   * @throws WarrenError `rate-limited`, and then nothing is taken
   */
  take(key: string, limit: RateLimit, now: number): void {
    const periodMs = 1_000 / limit.perSecond;
    const untilFullMs = limit.burst * periodMs;
    const before = this.#fullAt.get(key) ?? 0;
    // No bucket takes longer to be full: a later time is of before the clock was set back.
    const isOfOldClock = before - now > untilFullMs;
    const fullAt = (isOfOldClock ? now : Math.max(before, now)) + periodMs;
    if (fullAt - now > untilFullMs) {
      throw new WarrenError("rate-limited", `more than ${limit.perSecond} requests a second`);
    }
    this.#forgetOlder(now);
    this.#fullAt.set(key, fullAt);
    this.#newerFullAt = Math.max(this.#newerFullAt, fullAt);
  }

  #forgetOlder(now: number): void {
    const isOver = now - this.#newerBeganAt > HALF_LASTS_MS && now >= this.#olderFullAt;
    if (!isOver && this.#fullAt.newerSize < this.#maxKeysPerHalf) return;
    this.#fullAt.forgetOlder();
    this.#olderFullAt = this.#newerFullAt;
    this.#newerBeganAt = now;
    this.#newerFullAt = now;
  }
}
