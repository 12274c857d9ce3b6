/** Octets that a piece has: enough that none is found by chance. */
const PIECE_OCTETS = 8;

interface Piece {
  readonly octets: Buffer;
  /** Whose it is. */
  readonly owner: number;
}

/**
 * Looks for many values at once in much: of each value every eighth octet begins a piece, and a value counts
 * as found when one of its pieces is.
 */
export class OctetSearch {
  readonly #pieces = new Map<number, Piece[]>();
  /** Whether a piece begins with these 24 bits: most places in a file are passed over by it. */
  readonly #firstOctets = new Uint8Array(2 ** 24);

  constructor(values: Iterable<Uint8Array>) {
    let owner = 0;
    for (const value of values) {
      const octets = Buffer.from(value);
      for (let start = 0; start + PIECE_OCTETS <= octets.length; start += PIECE_OCTETS) {
        this.#add({ octets: octets.subarray(start, start + PIECE_OCTETS), owner });
      }
      owner += 1;
    }
  }

  /** The places, in the order given, of the values of which a piece stands there. */
  findIn(haystack: Buffer): Set<number> {
    const found = new Set<number>();
    for (let at = 0; at + PIECE_OCTETS <= haystack.length; at++) {
      const first = haystack.readUIntBE(at, 3);
      if (this.#firstOctets[first] === 0) continue;
      for (const { octets, owner } of this.#pieces.get(haystack.readUInt32BE(at)) ?? []) {
        if (octets.compare(haystack, at, at + PIECE_OCTETS) === 0) found.add(owner);
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
