const LARGEST_LOAD = 0.5;

/**
 * Which 48-bit hashes have come before, in 16 bytes of memory each: what two million keys take is what a
 * JavaScript `Set` takes for a fifth of them.
 */
export class KeyHashSet {
  /** Hash plus one; 0 is an empty place. */
  #places: Float64Array;
  #size = 0;

  /** @param expected how many hashes to make room for; more are taken too */
  constructor(expected: number) {
    this.#places = new Float64Array(
      2 ** Math.ceil(Math.log2(Math.max(16, expected / LARGEST_LOAD))),
    );
  }

  /** @param hash 0..2^48 - 1, evenly distributed */
  add(hash: number): "added" | "known" {
    if (this.#size >= this.#places.length * LARGEST_LOAD) this.#grow();
    const place = placeOf(this.#places, hash + 1);
    if (this.#places[place] !== 0) return "known";
    this.#places[place] = hash + 1;
    this.#size++;
    return "added";
  }

  #grow(): void {
    const larger = new Float64Array(this.#places.length * 2);
    for (const value of this.#places) {
      if (value !== 0) larger[placeOf(larger, value)] = value;
    }
    this.#places = larger;
  }
}

/** Where the value is, or would be: the next free place after its own. */
function placeOf(places: Float64Array, value: number): number {
  let place = value % places.length;
  while (places[place] !== 0 && places[place] !== value) place = (place + 1) % places.length;
  return place;
}
