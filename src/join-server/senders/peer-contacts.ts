import type { NetId } from "../../lorawan/identifiers.ts";
import { isNetworkServer, type UpdatePeer } from "../peers.ts";

/** When a peer last asked, and from where. */
export interface PeerContact {
  /** Epoch milliseconds. */
  readonly at: number;
  /** IP address of the other end of the connection: perhaps that of a proxy. */
  readonly address: string | undefined;
}

/**
 * Who has asked this process last and when, of those who had shown who they are: as many as there are peers
 * on record, so it does not grow.
 */
export class PeerContacts {
  readonly #contacts = new Map<string, PeerContact>();

  note(peer: UpdatePeer, contact: PeerContact): void {
    const id = isNetworkServer(peer) ? `ns:${peer.netId}` : `as:${peer.asId}`;
    this.#contacts.set(id, contact);
  }

  /** Undefined: not since the start of this process. */
  ofNetworkServer(netId: NetId): PeerContact | undefined {
    return this.#contacts.get(`ns:${netId}`);
  }

  ofApplicationServer(asId: string): PeerContact | undefined {
    return this.#contacts.get(`as:${asId}`);
  }
}
