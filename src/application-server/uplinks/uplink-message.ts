import type { KeyEnvelope } from "../../backend/key-envelope.ts";
import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import type { MacVersion } from "../../lorawan/mac-version.ts";

/** How one gateway heard a frame. */
export interface GatewayReception {
  readonly gatewayEui: Eui64;
  /** dBm. */
  readonly rssi?: number;
  /** dB. */
  readonly snr?: number;
}

/** How a frame was received; shown with the uplink, without meaning for this server. */
export interface Reception {
  /** ISO 8601 UTC. */
  readonly receivedAt: string;
  /** Such as `SF7BW125`. */
  readonly dataRate?: string;
  /** Hz. */
  readonly frequency?: number;
  readonly gateways: readonly GatewayReception[];
}

/** An uplink as the Network Server hands it over (wire-protocols.md, `POST /network-server/uplinks`). */
export interface UplinkMessage {
  readonly devEui: Eui64;
  readonly devAddr: DevAddr;
  readonly macVersion: MacVersion;
  readonly sessionKeyId: string;
  /** Absent for ABP and from Network Servers that do not say it. */
  readonly joinEui?: Eui64;
  /** As the Join Server sent it with the Join-accept. */
  readonly appSKey?: KeyEnvelope;
  /** 1..255: MAC commands on port 0 stay with the Network Server. */
  readonly fPort: number;
  /** All 32 bits. */
  readonly fCntUp: number;
  readonly isConfirmed: boolean;
  /** Encrypted under the AppSKey. */
  readonly frmPayload: Uint8Array;
  readonly reception: Reception;
}
