/** One that waits. */
export interface Waiting<T> {
  readonly item: T;
  /** Since when, in milliseconds of a clock that never goes back. */
  readonly since: number;
}

/** A ring that doubles when it is full: taking from either end costs the same, however many wait. */
export class WaitingLine<T> {
  #ring: (Waiting<T> | undefined)[] = new Array(16);
  #oldest = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get oldest(): Waiting<T> | undefined {
    return this.#ring[this.#oldest];
  }

  /** @param waiting not older than those that wait already */
  add(waiting: Waiting<T>): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[this.#at(this.#size)] = waiting;
    this.#size += 1;
  }

  takeOldest(): Waiting<T> | undefined {
    const waiting = this.#ring[this.#oldest];
    if (waiting === undefined) return undefined;
    this.#ring[this.#oldest] = undefined;
    this.#oldest = this.#at(1);
    this.#size -= 1;
    return waiting;
  }

  takeNewest(): Waiting<T> | undefined {
    if (this.#size === 0) return undefined;
    const place = this.#at(this.#size - 1);
    const waiting = this.#ring[place];
    this.#ring[place] = undefined;
    this.#size -= 1;
    return waiting;
  }

  #at(offset: number): number {
    return (this.#oldest + offset) & (this.#ring.length - 1);
  }

  #grow(): void {
    const { length } = this.#ring;
    const ring = [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
    ring.length = 2 * length;
    this.#ring = ring;
    this.#oldest = 0;
  }
}
