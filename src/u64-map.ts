const INITIAL_CAPACITY = 1 << 12;
/** Above this share of taken places the table is made twice as large. */
const MAX_LOAD = 0.6;

/**
 * A map from 64-bit keys to 32-bit values that holds a million entries in 25 MB, where a `Map` of texts
 * takes ten times as much. Keys are 16 hex digits, as EUIs are. Nothing is ever removed.
 */
export class U64Map {
  #high = new Uint32Array(INITIAL_CAPACITY);
  #low = new Uint32Array(INITIAL_CAPACITY);
  /** Value + 1; 0 is a free place. */
  #values = new Uint32Array(INITIAL_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /**
   * Puts a value in unless the key is there.
   *
   * @param value 0 to 2^32 - 2
   * @returns the value that was there before, undefined if none was
   */
  putIfAbsent(key: string, value: number): number | undefined {
    if (this.#size >= this.#values.length * MAX_LOAD) this.#grow();
    const high = Number.parseInt(key.slice(0, 8), 16);
    const low = Number.parseInt(key.slice(8, 16), 16);
    const place = this.#find(high, low);
    const found = this.#values[place] as number;
    if (found !== 0) return found - 1;
    this.#put(place, [high, low, value + 1]);
    this.#size++;
    return undefined;
  }

  /** The place of the key, or the free one where it belongs. */
  #find(high: number, low: number): number {
    const mask = this.#values.length - 1;
    let place = (Math.imul(high ^ Math.imul(low, 0x9e3779b1), 0x85ebca6b) >>> 7) & mask;
    while (this.#values[place] !== 0 && (this.#low[place] !== low || this.#high[place] !== high)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #put(place: number, [high, low, stored]: readonly [number, number, number]): void {
    this.#high[place] = high;
    this.#low[place] = low;
    this.#values[place] = stored;
  }

  #grow(): void {
    const [highs, lows, values] = [this.#high, this.#low, this.#values];
    this.#high = new Uint32Array(2 * values.length);
    this.#low = new Uint32Array(2 * values.length);
    this.#values = new Uint32Array(2 * values.length);
    for (const [index, stored] of values.entries()) {
      if (stored === 0) continue;
      const [high, low] = [highs[index] as number, lows[index] as number];
      this.#put(this.#find(high, low), [high, low, stored]);
    }
  }
}
