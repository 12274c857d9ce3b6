/** One piece of work with its time. */
export interface QueuedWork {
  readonly time: number;
  /** Undefined once it was taken back. */
  work: (() => void) | undefined;
}

/** A binary heap of work by time; of equal times, that which came first comes first. */
export class WorkQueue {
  readonly #heap: { readonly entry: QueuedWork; readonly order: number }[] = [];
  #nextOrder = 0;

  /** The time of the first work that was not taken back. */
  get nextTime(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.entry.time;
  }

  add(time: number, work: () => void): QueuedWork {
    const entry: QueuedWork = { time, work };
    this.#heap.push({ entry, order: this.#nextOrder++ });
    this.#rise(this.#heap.length - 1);
    return entry;
  }

  /** Takes out the first work if its time is not after `time`. */
  takeUntil(time: number): { readonly time: number; readonly work: () => void } | undefined {
    const next = this.nextTime;
    if (next === undefined || next > time) return undefined;
    const entry = this.#takeFirst();
    return entry?.work === undefined ? undefined : { time: entry.time, work: entry.work };
  }

  #dropCancelled(): void {
    while (this.#heap[0] !== undefined && this.#heap[0].entry.work === undefined) this.#takeFirst();
  }

  #takeFirst(): QueuedWork | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first !== undefined && last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first?.entry;
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      let first = index;
      for (const child of [left, left + 1]) {
        if (child < this.#heap.length && this.#isBefore(child, first)) first = child;
      }
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const left = this.#heap[a];
    const right = this.#heap[b];
    if (left === undefined || right === undefined) return false;
    if (left.entry.time !== right.entry.time) return left.entry.time < right.entry.time;
    return left.order < right.order;
  }

  #swap(a: number, b: number): void {
    const kept = this.#heap[a];
    const moved = this.#heap[b];
    if (kept === undefined || moved === undefined) return;
    this.#heap[a] = moved;
    this.#heap[b] = kept;
  }
}
