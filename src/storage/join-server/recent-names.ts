/**
 * Which names were added last: at least so many, at most twice as many. In halves, since a set that loses its oldest
 * entry with each new one is slow.
 */
export class RecentNames {
  readonly #count: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  constructor(count: number) {
    this.#count = count;
  }

  has(name: string): boolean {
    return this.#newer.has(name) || this.#older.has(name);
  }

  add(name: string): void {
    if (this.#newer.size >= this.#count) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    this.#newer.add(name);
  }

  delete(name: string): void {
    this.#newer.delete(name);
    this.#older.delete(name);
  }
}
