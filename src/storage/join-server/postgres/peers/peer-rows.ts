import type { StoredRow } from "../../rows/column.ts";

/**
 * Rows of peers by their id, each opened when somebody asks for it and kept then: one that does not open
 * is in nobody else's way.
 */
export class PeerRows<Peer> {
  readonly #rows: ReadonlyMap<string, StoredRow>;
  readonly #decode: (row: StoredRow) => Peer;
  readonly #peers = new Map<string, Peer>();

  constructor(rows: ReadonlyMap<string, StoredRow>, decode: (row: StoredRow) => Peer) {
    this.#rows = rows;
    this.#decode = decode;
  }

  /** @throws WarrenError `vault-key-unknown`, `sealed-value-damaged` */
  get(id: string): Peer | undefined {
    const known = this.#peers.get(id);
    if (known !== undefined) return known;
    const row = this.#rows.get(id);
    if (row === undefined) return undefined;
    const peer = this.#decode(row);
    this.#peers.set(id, peer);
    return peer;
  }

  /** @throws WarrenError `vault-key-unknown`, `sealed-value-damaged` */
  all(): Peer[] {
    return [...this.#rows.keys()].map((id) => this.get(id) as Peer);
  }
}
