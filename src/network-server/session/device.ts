import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import type { MacVersion } from "../../lorawan/mac-version.ts";
import type { CarriedCommand } from "../../root-key/carriage.ts";
import type { Session } from "./session.ts";

/** A MAC command of the network that is repeated until its answer or until its attempts are used up. */
export interface MacRequest {
  readonly cid: number;
  /** Command identifier included. */
  readonly octets: Uint8Array;
  readonly attemptsLeft: number;
}

/** An application payload that waits for a receive window. */
export interface QueuedDownlink {
  readonly downlinkId: string;
  readonly sessionKeyId: string;
  readonly fPort: number;
  /** 32 bits. */
  readonly fCntDown: number;
  readonly isConfirmed: boolean;
  /** Encrypted by the Application Server. */
  readonly frmPayload: Uint8Array;
  /** Handed to a gateway: after a restart nobody knows whether it was transmitted. */
  readonly isSending: boolean;
}

/** How long and how much the present root keys have been used, as far as this server can know. */
export interface RootKeyUsage {
  /** Epoch ms of the first session since the last completed update. */
  readonly since: number | undefined;
  readonly frames: number;
  readonly sessions: number;
  /** Epoch ms at which a NewKeyReadyAns went down; the next join shows whether the update was completed. */
  readonly newKeysRelayedAt: number | undefined;
  /** How many updates the device has behind it, as its Join Server last said; a foreign one never does. */
  readonly generation: number | undefined;
  /** Frames under one generation after which its Join Server wants to be asked for an update. */
  readonly maxFrames: number | undefined;
  /** Epoch ms before which the Join Server is not asked again by policy. */
  readonly askNotBefore: number;
}

/** What the last DevStatusAns said. */
export interface DeviceStatus {
  /** 0: external power, 1..254: level, 255: unknown. */
  readonly battery: number;
  /** dB, -32..31. */
  readonly marginDb: number;
  readonly receivedAt: number;
}

/** An end-device and all its state: the unit that is changed in one transaction. */
export interface Device {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  readonly macVersion: MacVersion;
  readonly asId: string;
  /** The address of a personalized device (ABP); it never joins. */
  readonly abpDevAddr: DevAddr | undefined;
  readonly current: Session | undefined;
  /** Accepted by the Join Server, not yet seen in use by the end-device. */
  readonly pending: Session | undefined;
  readonly macRequests: readonly MacRequest[];
  readonly rootKeyCommand: CarriedCommand | undefined;
  readonly downlinks: readonly QueuedDownlink[];
  readonly rootKeyUsage: RootKeyUsage;
  /** Epoch ms of the last ForceRejoinReq that the session policy asked for. */
  readonly sessionUpdateAskedAt: number | undefined;
  readonly status: DeviceStatus | undefined;
  readonly lastSeenAt: number | undefined;
}

/** A message for the Application Server, kept until it has it. */
export interface OutboxMessage {
  readonly devEui: Eui64;
  readonly asId: string;
  /** `/network-server/uplinks` or `/network-server/downlink-events`. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The outcome of a pure step: the device afterwards and what must be told to the Application Server. */
export interface DeviceChange {
  readonly device: Device;
  readonly messages: readonly OutboxMessage[];
}

const UNUSED_ROOT_KEYS: RootKeyUsage = {
  since: undefined,
  frames: 0,
  sessions: 0,
  newKeysRelayedAt: undefined,
  generation: undefined,
  maxFrames: undefined,
  askNotBefore: 0,
};

/** A device that nothing is known of but its record. */
export function newDevice(
  record: Pick<Device, "devEui" | "joinEui" | "macVersion" | "asId">,
): Device {
  return {
    ...record,
    abpDevAddr: undefined,
    current: undefined,
    pending: undefined,
    macRequests: [],
    rootKeyCommand: undefined,
    downlinks: [],
    rootKeyUsage: UNUSED_ROOT_KEYS,
    sessionUpdateAskedAt: undefined,
    status: undefined,
    lastSeenAt: undefined,
  };
}
