import { keyFingerprint } from "../../crypto/key-fingerprint.ts";
import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import type { SessionKeys } from "../../lorawan/keys/session-keys.ts";
import type { MacVersion } from "../../lorawan/mac-version.ts";
import type { RootKeys } from "../../root-key/root-keys.ts";

/** What stays the same over the life of a device, or is set from outside; no keys. */
export interface DeviceProfile {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  readonly macVersion: MacVersion;
  /** "otaa" joins by itself, "abp" has its session from the factory. */
  readonly activation: "otaa" | "abp";
  /** Time between two uplinks, in simulated ms. */
  readonly uplinkIntervalMs: number;
  /** Whether the uplinks that the device sends by itself are confirmed. */
  readonly confirmedUplinks: boolean;
  /** Join-requests that nobody answers come more and more seldom, but never this far apart, in simulated ms. */
  readonly longestJoinPauseMs: number;
  /** The port on which it takes root key commands as FRMPayload, 1..223. */
  readonly rootKeyFPort: number;
  /** Whether it can do the X25519 of a healing update. */
  readonly supportsHealing: boolean;
  /** Fingerprints of the keys it was made with, to tell a repeated order from another device. */
  readonly factoryKeysId: string;
}

/** What a profile has unless it is told otherwise. */
export const DEFAULT_DEVICE_SETTINGS = {
  /** Keeps a device that is never answered below the limits of LoRaWAN 1.1 §7, table 17. */
  longestJoinPauseMs: 21_600_000,
  rootKeyFPort: 199,
  supportsHealing: true,
} as const;

/** The keys a device leaves the factory with. */
export type FactoryKeys =
  | { readonly activation: "otaa"; readonly rootKeys: RootKeys }
  | { readonly activation: "abp"; readonly devAddr: DevAddr; readonly sessionKeys: SessionKeys };

/** Tells sets of factory keys apart by their fingerprints. */
export function factoryKeysId(keys: FactoryKeys): string {
  const all = keys.activation === "otaa" ? keys.rootKeys : keys.sessionKeys;
  const address = keys.activation === "abp" ? [keys.devAddr] : [];
  return [...address, ...Object.values(all).map(keyFingerprint)].join("-");
}
