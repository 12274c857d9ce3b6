/** What is shared for a lock. */
export const LOCK_BYTES = 4;

const FREE = 0;
const HELD = 1;

/**
 * A lock between the threads of one process that waits as long as it has to: SQLite's own gives up after a
 * time, sleeps for longer than it must, and of two threads may always let the same one in.
 */
export class ThreadLock {
  readonly #state: Int32Array;

  /** @param buffer `LOCK_BYTES` of zeros, the same for all threads */
  constructor(buffer: SharedArrayBuffer) {
    this.#state = new Int32Array(buffer);
  }

  /** Blocks the thread until it has the lock; not for a thread that has other things to do. */
  hold<T>(work: () => T): T {
    while (Atomics.compareExchange(this.#state, 0, FREE, HELD) !== FREE) {
      Atomics.wait(this.#state, 0, HELD);
    }
    try {
      return work();
    } finally {
      Atomics.store(this.#state, 0, FREE);
      Atomics.notify(this.#state, 0, 1);
    }
  }
}
