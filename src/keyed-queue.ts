/** Runs tasks of the same key one after the other, in the order they came; others in parallel. */
export class KeyedQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether any task of this key is under way or waits. */
  has(key: string): boolean {
    return this.#last.has(key);
  }

  /** Resolves or rejects as `task` does; a failed task does not stop the ones behind it. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const done = before.then(task, task);
    this.#last.set(key, done);
    try {
      return await done;
    } finally {
      if (this.#last.get(key) === done) this.#last.delete(key);
    }
  }

  /** Resolves once all tasks added so far are done, whether they succeed or fail. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#last.values());
  }
}
