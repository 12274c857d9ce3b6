import { NewestEntries } from "../../newest-entries.ts";

/** Answers kept at most in each of two halves, each of about 1 kB. */
const MAX_ANSWERS_PER_HALF = 5_000;

interface Recent<T> {
  readonly answer: Promise<T>;
  readonly askedAt: number;
}

/**
 * Gives the same question, asked again within a short while, the very same answer: a peer that repeats a
 * request after a time-out, or sends it twice at once, has one join and not two. What was refused is
 * decided anew. A question is everything that the answer depends on, who asks included.
 */
export class RecentAnswers<T> {
  readonly #recent = new NewestEntries<string, Recent<T>>();
  #newerBeganAt = 0;
  readonly #windowMs: number;
  readonly #maxPerHalf: number;

  /** @param windowMs 0: every question is decided anew */
  constructor(windowMs: number, maxPerHalf = MAX_ANSWERS_PER_HALF) {
    this.#windowMs = windowMs;
    this.#maxPerHalf = maxPerHalf;
  }

  /** @param now epoch milliseconds */
  find(question: string, now: number): Promise<T> | undefined {
    const recent = this.#recent.get(question);
    return recent !== undefined && this.#isInWindow(recent.askedAt, now)
      ? recent.answer
      : undefined;
  }

  /** Keeps the answer to come, until it turns out to be a refusal. */
  keep(question: string, answer: Promise<T>, now: number): void {
    if (this.#windowMs === 0) return;
    if (!this.#isInWindow(this.#newerBeganAt, now) || this.#recent.newerSize >= this.#maxPerHalf) {
      this.#recent.forgetOlder();
      this.#newerBeganAt = now;
    }
    const recent = { answer, askedAt: now };
    this.#recent.set(question, recent);
    answer.catch(() => {
      if (this.#recent.get(question) === recent) this.#recent.delete(question);
    });
  }

  /** Not of the future either: the clock may have been set back. */
  #isInWindow(at: number, now: number): boolean {
    return at <= now && now - at < this.#windowMs;
  }
}
