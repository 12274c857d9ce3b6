/** Answers kept at most, each of about 1 kB. */
const MAX_ANSWERS = 10_000;

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
  /** In the order of asking. */
  readonly #recent = new Map<string, Recent<T>>();
  readonly #windowMs: number;
  readonly #maxAnswers: number;

  /** @param windowMs 0: every question is decided anew */
  constructor(windowMs: number, maxAnswers = MAX_ANSWERS) {
    this.#windowMs = windowMs;
    this.#maxAnswers = maxAnswers;
  }

  /** @param now epoch milliseconds */
  find(question: string, now: number): Promise<T> | undefined {
    const recent = this.#recent.get(question);
    return recent !== undefined && now - recent.askedAt < this.#windowMs
      ? recent.answer
      : undefined;
  }

  /** Keeps the answer to come, until it turns out to be a refusal. */
  keep(question: string, answer: Promise<T>, now: number): void {
    if (this.#windowMs === 0) return;
    this.#dropOld(now);
    const recent = { answer, askedAt: now };
    this.#recent.delete(question);
    this.#recent.set(question, recent);
    answer.catch(() => {
      if (this.#recent.get(question) === recent) this.#recent.delete(question);
    });
  }

  #dropOld(now: number): void {
    for (const [question, { askedAt }] of this.#recent) {
      if (now - askedAt < this.#windowMs && this.#recent.size < this.#maxAnswers) return;
      this.#recent.delete(question);
    }
  }
}
