import { WarrenError } from "../errors.ts";

/** Oldest first. */
const MAC_VERSIONS = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.1.0"] as const;

/** A version of the LoRaWAN link layer specification (TS001), as an end-device implements it. */
export type MacVersion = (typeof MAC_VERSIONS)[number];

/** The Backend Interfaces write "1.0" and "1.1" as well as the full form of these versions. */
const VERSION_OF_TEXT: ReadonlyMap<string, MacVersion> = new Map([
  ["1.0", "1.0.0"],
  ["1.1", "1.1.0"],
  ...MAC_VERSIONS.map((version) => [version, version] as const),
]);

/** @throws WarrenError `text-malformed` for anything but "1.0", "1.0.0" to "1.0.4", "1.1" and "1.1.0" */
export function parseMacVersion(text: string): MacVersion {
  const version = VERSION_OF_TEXT.get(text);
  if (version === undefined) {
    throw new WarrenError("text-malformed", "not a LoRaWAN version from 1.0.0 to 1.1.0");
  }
  return version;
}

/** Whether a device of `version` knows what came with `oldest`. */
export function isSinceVersion(version: MacVersion, oldest: MacVersion): boolean {
  return MAC_VERSIONS.indexOf(version) >= MAC_VERSIONS.indexOf(oldest);
}

/** Whether the device has two root keys, four session keys and rejoins. */
export function isLorawan11(version: MacVersion): boolean {
  return isSinceVersion(version, "1.1.0");
}

/**
 * Whether DevNonce is a counter that only grows; before 1.0.4 it is random, and the server may only
 * demand that a value never comes back (LoRaWAN 1.1 §6.2.2, LoRaWAN 1.0.2 §6.2.4).
 */
export function usesDevNonceCounter(version: MacVersion): boolean {
  return isSinceVersion(version, "1.0.4");
}
