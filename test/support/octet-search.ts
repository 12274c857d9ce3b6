interface Piece {
  readonly octets: Buffer;
  /** Whose it is. */
  readonly owner: number;
}

/**
 * Looks for many values at once in much. Each value is cut into pieces, and counts as found when one of them
 * is: what has been overwritten in part is found too.
 */
export class OctetSearch {
  readonly #pieceOctets: number;
  readonly #pieces = new Map<number, Piece[]>();
  /** Whether a piece begins with these 24 bits: most places in a file are passed over by it. */
  readonly #firstOctets = new Uint8Array(2 ** 24);

  /** @param pieceOctets enough that no piece is found by chance: 8 of random octets, 16 of hex digits */
  constructor(values: Iterable<Uint8Array>, pieceOctets = 8) {
    this.#pieceOctets = pieceOctets;
    let owner = 0;
    for (const value of values) {
      const octets = Buffer.from(value);
      for (let start = 0; start + pieceOctets <= octets.length; start += pieceOctets) {
        this.#add({ octets: octets.subarray(start, start + pieceOctets), owner });
      }
      owner += 1;
    }
  }

  /** The places, in the order given, of the values of which a piece stands there. */
  findIn(haystack: Buffer): Set<number> {
    const found = new Set<number>();
    const length = this.#pieceOctets;
    for (let at = 0; at + length <= haystack.length; at++) {
      const first = haystack.readUIntBE(at, 3);
      if (this.#firstOctets[first] === 0) continue;
      for (const { octets, owner } of this.#pieces.get(haystack.readUInt32BE(at)) ?? []) {
        if (octets.compare(haystack, at, at + length) === 0) found.add(owner);
      }
    }
    return found;
  }

  #add(piece: Piece): void {
    this.#firstOctets[piece.octets.readUIntBE(0, 3)] = 1;
    const key = piece.octets.readUInt32BE(0);
    const same = this.#pieces.get(key);
    if (same === undefined) this.#pieces.set(key, [piece]);
    else same.push(piece);
  }
}
