import type { DevAddr, Eui64, NetId } from "../lorawan/identifiers.ts";
import { isLorawan11, type MacVersion } from "../lorawan/mac-version.ts";
import type { ServerUpdateState } from "../root-key/server-state.ts";
import { DEFAULT_SUITE, type Suite } from "../root-key/suite.ts";
import type { UpdatePolicySettings, UpdateTrigger } from "./policies/update-policy-settings.ts";
import type { UpdateAttempt, UpdateCarrier } from "./root-key-updates/update-attempt.ts";
import type { Session } from "./session.ts";

/** What an operator decides about a device. */
export interface DeviceSettings {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  readonly macVersion: MacVersion;
  /** The Network Server that may ask for this device. */
  readonly homeNetId: NetId;
  /** The Application Server that may ask for its AppSKey. */
  readonly asId: string;
  /** Suite of the next root key update. */
  readonly suite: Suite;
  /** The device profile whose update policy holds; "" for none. */
  readonly deviceProfile: string;
  /** What of the update policy is different for this device. */
  readonly updatePolicy: UpdatePolicySettings;
  /** The way of its updates; `automatic`: MAC commands where its Network Server relays them. */
  readonly carrier: UpdateCarrier | "automatic";
  /** For people; "" when there is none. */
  readonly name: string;
  readonly description: string;
  /** Free names and values, such as a serial number or what a QR code said. */
  readonly tags: Readonly<Record<string, string>>;
  /** Every join, rejoin, update and AppSKeyReq of the device is refused. */
  readonly isDisabled: boolean;
  /**
   * A 1.0.x device may send an AppEUI that is not `joinEui`, since some do not name their Join Server
   * (TS002 1.0: "a JS must also serve a Join-request of an R1.0 device whose AppEUI does not identify it").
   */
  readonly allowsForeignJoinEui: boolean;
}

/** The settings of a device that somebody gives only the necessary ones of. */
export const DEFAULT_DEVICE_SETTINGS = {
  suite: DEFAULT_SUITE,
  deviceProfile: "",
  updatePolicy: {},
  carrier: "automatic",
  name: "",
  description: "",
  tags: {},
  isDisabled: false,
  allowsForeignJoinEui: false,
} as const;

/** Everything the Join Server keeps of one device; immutable, replaced as a whole. */
export interface Device extends DeviceSettings {
  /** Epoch milliseconds of its registration. */
  readonly createdAt: number;
  /** Grows with every save; a save names the version it was made from. */
  readonly version: number;
  /** Root keys, generation, candidate and update record. A 1.0.x AppKey is in the NwkKey place. */
  readonly rootKeys: ServerUpdateState;
  /** The last JoinNonce issued, 0 before the first; never restarts, not even with new root keys. */
  readonly joinNonce: number;
  /** The JoinNonce that it came with: issued elsewhere, or before it was deleted here. */
  readonly initialJoinNonce: number;
  /** The last DevNonce accepted where it is a counter (1.0.4, 1.1). */
  readonly lastDevNonce: number | undefined;
  /** The last RJcount1 accepted (Rejoin-request type 1). */
  readonly rjCount1: number | undefined;
  /** Newest first. */
  readonly sessions: readonly Session[];
  /** Epoch milliseconds of the start of the update in the record, and of the last commit. */
  readonly updateStartedAt: number | undefined;
  readonly updateCommittedAt: number | undefined;
  readonly lastDevAddr: DevAddr | undefined;
  /**
   * Epoch milliseconds when an operator last gave it another NwkKey. No Join-request of before verifies
   * under it, so until the next join its DevNonces can be forgotten without risk.
   */
  readonly nwkKeyReplacedAt: number | undefined;
  /** How many sessions have been made from the current root keys. */
  readonly generationSessions: number;
  /** Why an update is wanted as soon as the minimum period allows it: an event that the policy names. */
  readonly updateWanted: UpdateTrigger | undefined;
  /** Epoch milliseconds before which no policy starts an update, after attempts that failed. */
  readonly updateNotBefore: number | undefined;
  /** Attempts that have failed since the last one that was committed. */
  readonly failedAttempts: number;
  /** The last attempt, also when it is over. */
  readonly attempt: UpdateAttempt | undefined;
  /** The gateway that its Network Server last named. */
  readonly lastGatewayId: Eui64 | undefined;
}

/** What a device has before its first join and its first update. */
export const UNUSED_DEVICE = {
  version: 0,
  joinNonce: 0,
  initialJoinNonce: 0,
  lastDevNonce: undefined,
  rjCount1: undefined,
  sessions: [],
  updateStartedAt: undefined,
  updateCommittedAt: undefined,
  lastDevAddr: undefined,
  nwkKeyReplacedAt: undefined,
  generationSessions: 0,
  updateWanted: undefined,
  updateNotBefore: undefined,
  failedAttempts: 0,
  attempt: undefined,
  lastGatewayId: undefined,
} as const satisfies Omit<Device, keyof DeviceSettings | "createdAt" | "rootKeys">;

/** Whether the AppEUI of the device may be one that does not name its Join Server. */
export function mayBeForeign(
  device: Pick<DeviceSettings, "allowsForeignJoinEui" | "macVersion">,
): boolean {
  return device.allowsForeignJoinEui && !isLorawan11(device.macVersion);
}

/**
 * The JoinEUI by which the end-device knows its Join Server, and which its root key updates are bound to: that on record, or
 * the AppEUI that it last joined with.
 */
export function joinEuiOfEndDevice({
  joinEui,
  sessions,
}: Pick<Device, "joinEui" | "sessions">): Eui64 {
  return sessions[0]?.foreignJoinEui ?? joinEui;
}

/** Epoch milliseconds of the start of its newest session, by a join or a rejoin. */
export function lastJoinAt({ sessions }: Pick<Device, "sessions">): number | undefined {
  return sessions[0]?.createdAt;
}

/** Epoch milliseconds since when the current root keys are in use. */
export function generationSince(device: Device): number {
  const { updateCommittedAt, nwkKeyReplacedAt, createdAt } = device;
  return Math.max(updateCommittedAt ?? 0, nwkKeyReplacedAt ?? 0, createdAt);
}
