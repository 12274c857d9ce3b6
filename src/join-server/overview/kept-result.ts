import { setTimeout as sleep } from "node:timers/promises";

export interface KeptResultOptions {
  /** Milliseconds of a clock that only goes forwards. */
  readonly elapsedMs?: () => number;
  readonly leastHoldMs?: number;
  /** How long one who asks waits for a new result while there is an old one. */
  readonly patienceMs?: number;
}

/** A result holds so many times as long as it took to make: a twentieth of one processor at most. */
const HOLDS_TIMES_AS_LONG = 20;
const LEAST_HOLD_MS = 1_000;
const PATIENCE_MS = 500;

/**
 * What is dear to find out and asked for often: found out once for all who ask meanwhile, and kept for a
 * while. Who asks while a new result takes long gets the old one.
 */
export class KeptResult<T> {
  readonly #make: () => Promise<T>;
  readonly #options: Required<KeptResultOptions>;
  #known: { readonly result: T; readonly holdsUntil: number } | undefined;
  #underWay: Promise<T> | undefined;

  constructor(make: () => Promise<T>, options: KeptResultOptions = {}) {
    this.#make = make;
    this.#options = {
      elapsedMs: () => performance.now(),
      leastHoldMs: LEAST_HOLD_MS,
      patienceMs: PATIENCE_MS,
      ...options,
    };
  }

  /** @throws what making it throws; it is tried anew then by the next one who asks */
  async get(): Promise<T> {
    const known = this.#known;
    if (known !== undefined && this.#options.elapsedMs() < known.holdsUntil) return known.result;
    this.#underWay ??= this.#makeNow().finally(() => {
      this.#underWay = undefined;
    });
    return known === undefined
      ? await this.#underWay
      : await this.#newOrOld(this.#underWay, known.result);
  }

  async #newOrOld(underWay: Promise<T>, old: T): Promise<T> {
    const isOver = new AbortController();
    const patience = sleep(this.#options.patienceMs, old, { signal: isOver.signal });
    // Whichever comes second has nobody who waits for it.
    patience.catch(() => undefined);
    underWay.catch(() => undefined);
    try {
      return await Promise.race([underWay, patience]);
    } finally {
      isOver.abort();
    }
  }

  async #makeNow(): Promise<T> {
    const { elapsedMs, leastHoldMs } = this.#options;
    const startedAt = elapsedMs();
    const result = await this.#make();
    const endedAt = elapsedMs();
    const holdMs = Math.max(leastHoldMs, HOLDS_TIMES_AS_LONG * (endedAt - startedAt));
    this.#known = { result, holdsUntil: endedAt + holdMs };
    return result;
  }
}
