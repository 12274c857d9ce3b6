/**
 * A map of what has come last, in two halves, since a map that loses its oldest entry with each new one is slow. When
 * the owner finds the newer half large or old enough, the older one is forgotten.
 */
export class NewestEntries<K, V> {
  #newer = new Map<K, V>();
  #older = new Map<K, V>();

  /** How many entries the newer half has. */
  get newerSize(): number {
    return this.#newer.size;
  }

  get(key: K): V | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  /** Whether it is in the newer half. */
  isNewer(key: K): boolean {
    return this.#newer.has(key);
  }

  /** Puts it into the newer half. What the older one has of that key is not seen any more. */
  set(key: K, value: V): void {
    this.#newer.set(key, value);
  }

  /** @returns whether there was one */
  delete(key: K): boolean {
    const wasNewer = this.#newer.delete(key);
    return this.#older.delete(key) || wasNewer;
  }

  /** Forgets the older half; the newer one is the older one from now on. */
  forgetOlder(): void {
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
