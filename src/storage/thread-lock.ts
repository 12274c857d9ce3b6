/** What is shared for a lock. */
export const LOCK_BYTES = 8;

const FREE = 0;
const HELD = 1;

/** Where the state is, and how many threads wait. */
const STATE = 0;
const WAITING = 1;

/** How long a thread that lets others go first waits for one of them to wake up. */
const COURTESY_MS = 2;

/**
 * A lock between the threads of one process that waits as long as it has to: SQLite's own gives up after a
 * time, sleeps for longer than it must, and of two threads may always let the same one in.
 */
export class ThreadLock {
  readonly #state: Int32Array;
  readonly #letsOthersFirst: boolean;

  /**
   * @param buffer `LOCK_BYTES` of zeros, the same for all threads
   * @param manners `lets-others-first` for a thread that takes the lock again as soon as it has given it back
   */
  constructor(buffer: SharedArrayBuffer, manners?: "lets-others-first") {
    this.#state = new Int32Array(buffer);
    this.#letsOthersFirst = manners !== undefined;
  }

  /** Blocks the thread until it has the lock; not for a thread that has other things to do. */
  hold<T>(work: () => T): T {
    if (this.#letsOthersFirst && Atomics.load(this.#state, WAITING) > 0) {
      Atomics.wait(this.#state, STATE, FREE, COURTESY_MS);
    }
    if (!this.#take()) this.#waitAndTake();
    try {
      return work();
    } finally {
      Atomics.store(this.#state, STATE, FREE);
      Atomics.notify(this.#state, STATE, 1);
    }
  }

  #take(): boolean {
    return Atomics.compareExchange(this.#state, STATE, FREE, HELD) === FREE;
  }

  #waitAndTake(): void {
    Atomics.add(this.#state, WAITING, 1);
    while (!this.#take()) Atomics.wait(this.#state, STATE, HELD);
    Atomics.sub(this.#state, WAITING, 1);
  }
}
