import type { NetId } from "../../lorawan/identifiers.ts";
import { isLorawan11 } from "../../lorawan/mac-version.ts";
import type { Region } from "../../lorawan/region/region.ts";
import { type DeviceUpdateState, initialDeviceState } from "../../root-key/device-state.ts";
import type { DeviceProfile, FactoryKeys } from "./device-profile.ts";
import { type DevNonces, noDevNonces } from "./join/dev-nonce.ts";
import { defaultRadioSettings } from "./radio/radio-settings.ts";
import { freshSessionCounters, type Session } from "./session.ts";
import type { RootKeyCarrier } from "./update/root-key-carrier.ts";

/** Application data that waits to be sent. */
export interface QueuedUplink {
  readonly uplinkId: string;
  /** 1..223. */
  readonly fPort: number;
  /** Hex, in clear. */
  readonly payload: string;
  readonly isConfirmed: boolean;
}

/**
 * All that a device must not forget, immutable. It is stored before the transmission or the effect that
 * depends on it, so a device that loses power at any moment goes on without repeating a counter.
 */
export interface DeviceState {
  /** Root keys, the candidate of an update, and its progress; null for an ABP device. */
  readonly update: DeviceUpdateState | null;
  /** The carrier of the last request that was taken or refused: answers go the same way. */
  readonly rootKeyCarrier: RootKeyCarrier;
  /** How often the device has switched to new root keys. */
  readonly generation: number;
  readonly devNonces: DevNonces;
  /** JoinNonce of the last accept taken; 0 before the first, kept across new root keys. */
  readonly lastJoinNonce: number;
  /** RJcount1 of the next Rejoin-request type 1; starts at 1 and is never reset. */
  readonly rjCount1: number;
  readonly session: Session | null;
  readonly outbox: readonly QueuedUplink[];
}

/** A device as it leaves the factory. */
export function factoryState(
  profile: DeviceProfile,
  keys: FactoryKeys,
  region: Region,
): DeviceState {
  return {
    update: keys.activation === "otaa" ? initialDeviceState(profile, keys.rootKeys) : null,
    rootKeyCarrier: "mac",
    generation: 0,
    devNonces: noDevNonces,
    lastJoinNonce: 0,
    rjCount1: 1,
    session: keys.activation === "abp" ? personalizedSession(profile, keys, region) : null,
    outbox: [],
  };
}

function personalizedSession(
  profile: DeviceProfile,
  keys: Extract<FactoryKeys, { activation: "abp" }>,
  region: Region,
): Session {
  const is11 = isLorawan11(profile.macVersion);
  return {
    ...freshSessionCounters,
    activation: "abp",
    isLorawan11: is11,
    devAddr: keys.devAddr,
    netId: "000000" as NetId,
    joinNonce: 0,
    keys: keys.sessionKeys,
    // ResetInd, until ResetConf (LoRaWAN 1.1 §6.3).
    isIndicating: is11,
    radio: defaultRadioSettings(region),
  };
}
