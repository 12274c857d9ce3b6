/** What is shared for a lock. */
export const LOCK_BYTES = 12;

/** Where the state is, whether somebody waits, and the number of the last hold. */
const STATE = 0;
const IS_AWAITED = 1;
const LAST_HOLD = 2;

/** As state; else the number of the hold. */
const FREE = 0;

/** How long a thread that lets others go first waits for one of them to wake up. */
const COURTESY_MS = 2;

/** Who holds it for longer has ended, or hangs. */
const GIVE_UP_MS = 5_000;

export interface ThreadLockOptions {
  /** For a thread that takes the lock again as soon as it has given it back. */
  readonly letsOthersFirst?: boolean;
  /** Default: 5 s. */
  readonly giveUpMs?: number;
}

/**
 * A lock between the threads of one process that waits as long as it has to: SQLite's own gives up after a
 * time, sleeps for longer than it must, and of two threads may always let the same one in.
 *
 * A thread that is terminated, or has no memory left, ends without giving anything back. So the lock is taken over from
 * a hold that lasts too long. What it guards must be right without it: here SQLite's locks are.
 */
export class ThreadLock {
  readonly #shared: Int32Array;
  readonly #letsOthersFirst: boolean;
  readonly #giveUpMs: number;

  /** @param buffer `LOCK_BYTES` of zeros, the same for all threads */
  constructor(
    buffer: SharedArrayBuffer,
    { letsOthersFirst = false, giveUpMs = GIVE_UP_MS }: ThreadLockOptions = {},
  ) {
    this.#shared = new Int32Array(buffer);
    this.#letsOthersFirst = letsOthersFirst;
    this.#giveUpMs = giveUpMs;
  }

  /** Blocks the thread until it has the lock; not for a thread that has other things to do. */
  hold<T>(work: () => T): T {
    if (this.#letsOthersFirst && Atomics.exchange(this.#shared, IS_AWAITED, 0) === 1) {
      Atomics.wait(this.#shared, STATE, FREE, COURTESY_MS);
    }
    const own = this.#newHold();
    if (!this.#exchange(FREE, own)) this.#waitAndTake(own);
    try {
      return work();
    } finally {
      // Unless it was taken over.
      this.#exchange(own, FREE);
      Atomics.notify(this.#shared, STATE, 1);
    }
  }

  #newHold(): number {
    const hold = Atomics.add(this.#shared, LAST_HOLD, 1) + 1;
    return hold === FREE ? this.#newHold() : hold;
  }

  #exchange(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#shared, STATE, from, to) === from;
  }

  #waitAndTake(own: number): void {
    let [other, since] = [FREE, 0];
    while (!this.#exchange(FREE, own)) {
      const holder = Atomics.load(this.#shared, STATE);
      if (holder === FREE) continue;
      if (holder !== other) [other, since] = [holder, performance.now()];
      const leftMs = since + this.#giveUpMs - performance.now();
      if (leftMs <= 0 && this.#exchange(holder, own)) break;
      Atomics.store(this.#shared, IS_AWAITED, 1);
      Atomics.wait(this.#shared, STATE, holder, Math.max(1, leftMs));
    }
    // Who still waits says so again when the next one is faster.
    Atomics.store(this.#shared, IS_AWAITED, 0);
  }
}
