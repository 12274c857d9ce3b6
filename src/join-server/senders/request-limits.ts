import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { PeerSettings, RateLimit } from "../peers.ts";
import { RateLimiter } from "./rate-limiter.ts";

/** How often may be asked. Undefined: as often as one likes. */
export interface RequestLimits {
  /** For a peer whose record has none of its own. */
  readonly peer: RateLimit | undefined;
  /** For one device, by one peer, so that none can use up what another has of it. */
  readonly device: RateLimit | undefined;
}

/** Refuses what is too much before anything is asked of the database. */
export class RequestLimiter {
  readonly #limits: RequestLimits;
  readonly #peers = new RateLimiter();
  readonly #devices = new RateLimiter();

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /** @param id `ns:` and the NetID, or `as:` and the AS-ID, which may look like a NetID. @throws WarrenError `rate-limited` */
  checkPeer(id: string, peer: PeerSettings, now: number): void {
    const limit = peer.rateLimit ?? this.#limits.peer;
    if (limit !== undefined) this.#peers.take(id, limit, now);
  }

  /** @throws WarrenError `rate-limited` */
  checkDevice(peerId: string, devEui: Eui64, now: number): void {
    const { device } = this.#limits;
    if (device !== undefined) this.#devices.take(`${devEui}/${peerId}`, device, now);
  }
}
