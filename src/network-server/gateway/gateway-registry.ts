import type { Eui64 } from "../../lorawan/identifiers.ts";

/** Where datagrams for a gateway go. */
export interface GatewayAddress {
  readonly address: string;
  readonly port: number;
}

/** A gateway and how it was last heard of. */
export interface Gateway {
  readonly gatewayEui: Eui64;
  /** Epoch ms of the last datagram of any kind. */
  readonly lastSeenAt: number;
  /** The source of the last PULL_DATA: only there does a PULL_RESP get through. */
  readonly downlinkAddress: GatewayAddress | undefined;
  /** Frames received without a CRC error. */
  readonly uplinkCount: number;
  /** Frames accepted for transmission. */
  readonly downlinkCount: number;
}

/** Anyone can make up gateway EUIs: beyond this many the one silent for longest is forgotten. */
const MAX_GATEWAYS = 10_000;

/** The gateways seen since the start. They announce themselves every few seconds, so nothing is stored. */
export class GatewayRegistry {
  readonly #gateways = new Map<Eui64, Gateway>();

  /** All gateways by rising EUI. */
  list(): readonly Gateway[] {
    return [...this.#gateways.values()].sort((a, b) => (a.gatewayEui < b.gatewayEui ? -1 : 1));
  }

  downlinkAddressOf(gatewayEui: Eui64): GatewayAddress | undefined {
    return this.#gateways.get(gatewayEui)?.downlinkAddress;
  }

  /** PULL_DATA came in. */
  pulled(gatewayEui: Eui64, downlinkAddress: GatewayAddress, now: number): void {
    this.#update(gatewayEui, now, { downlinkAddress });
  }

  /** PUSH_DATA with this many good frames came in. */
  pushed(gatewayEui: Eui64, frameCount: number, now: number): void {
    const before = this.#gateways.get(gatewayEui)?.uplinkCount ?? 0;
    this.#update(gatewayEui, now, { uplinkCount: before + frameCount });
  }

  /** The gateway accepted a frame for transmission. */
  transmitted(gatewayEui: Eui64, now: number): void {
    const before = this.#gateways.get(gatewayEui)?.downlinkCount ?? 0;
    this.#update(gatewayEui, now, { downlinkCount: before + 1 });
  }

  #update(gatewayEui: Eui64, lastSeenAt: number, change: Partial<Gateway>): void {
    const known = this.#gateways.get(gatewayEui) ?? {
      gatewayEui,
      downlinkAddress: undefined,
      uplinkCount: 0,
      downlinkCount: 0,
    };
    // Taken out and put in again, so that the map is in the order of the last contact.
    this.#gateways.delete(gatewayEui);
    this.#gateways.set(gatewayEui, { ...known, ...change, lastSeenAt });
    if (this.#gateways.size > MAX_GATEWAYS) {
      const [oldest] = this.#gateways.keys();
      if (oldest !== undefined) this.#gateways.delete(oldest);
    }
  }
}
