import { type Aes128Key, equalKeys, exportAes128Key } from "../../crypto/aes128.ts";
import { formatHex } from "../../lorawan/hex.ts";
import { isLorawan11 } from "../../lorawan/mac-version.ts";
import type { RootKeys } from "../../root-key/root-keys.ts";
import type { DeviceSettings } from "../device.ts";
import { PUBLISHED_KEYS } from "./published-keys.ts";

/** Why a root key is easily guessed, or is not as secret as it should be. */
export const KEY_WEAKNESSES = [
  /** All octets are equal, as all 0 or all FF. */
  "equal-octets",
  /** Octets or hex digits that count up or down, or a short block again and again. */
  "pattern",
  /** Stands in documents, in source code, or in every device of a maker. */
  "published",
  /** One half or both are the DevEUI or the JoinEUI, in either order of octets. */
  "derived-from-eui",
  /** NwkKey and AppKey of a 1.1 device are the same. */
  "same-root-keys",
  /** Another device has it too. */
  "duplicate",
] as const;
export type KeyWeakness = (typeof KEY_WEAKNESSES)[number];

export interface KeyFinding {
  /** Which root key, as the API calls it: for 1.0.x the AppKey is `nwkKey`. */
  readonly key: "nwkKey" | "appKey";
  readonly weakness: KeyWeakness;
}

type Identity = Pick<DeviceSettings, "devEui" | "joinEui" | "macVersion">;

/** What is wrong with the root keys of a device, looked at alone; usually nothing. */
export function findKeyWeaknesses(identity: Identity, keys: RootKeys): KeyFinding[] {
  const findings: KeyFinding[] = weaknessesOf(keys.nwkKey, identity).map((weakness) => ({
    key: "nwkKey",
    weakness,
  }));
  // A 1.0.x device without GenAppKey has the AppKey in both places.
  if (keys.nwkKey === keys.appKey || equalKeys(keys.nwkKey, keys.appKey)) {
    if (isLorawan11(identity.macVersion)) {
      findings.push({ key: "appKey", weakness: "same-root-keys" });
    }
    return findings;
  }
  for (const weakness of weaknessesOf(keys.appKey, identity)) {
    findings.push({ key: "appKey", weakness });
  }
  return findings;
}

/** Looks at octets, not at text: an import does this a million times. */
function weaknessesOf(key: Aes128Key, { devEui, joinEui }: Identity): KeyWeakness[] {
  const bytes = exportAes128Key(key);
  const period = periodOf(bytes);
  if (period === 1) {
    bytes.fill(0);
    return ["equal-octets"];
  }
  const hex = formatHex(bytes);
  const found: KeyWeakness[] = [];
  if (PUBLISHED_KEYS.has(hex)) found.push("published");
  if (isHalf(hex, devEui) || isHalf(hex, joinEui)) found.push("derived-from-eui");
  const isPattern = period < bytes.length || hasEqualSteps(bytes) || hasEqualSteps(digitsOf(bytes));
  if (found.length === 0 && isPattern) found.push("pattern");
  bytes.fill(0);
  return found;
}

/** After how many octets, up to 8, they come again; 16 when they do not. */
function periodOf(bytes: Uint8Array): number {
  for (let period = 1; period <= bytes.length / 2; period++) {
    let index = period;
    while (index < bytes.length && bytes[index] === bytes[index - period]) index++;
    if (index === bytes.length) return period;
  }
  return bytes.length;
}

/** Whether one half is the EUI, in either order of octets. */
function isHalf(hex: string, eui: string): boolean {
  if (hex.startsWith(eui) || hex.endsWith(eui)) return true;
  for (const half of [hex.slice(0, 16), hex.slice(16)]) {
    // The first octet tells nearly always that it is none.
    if (half.slice(14) === eui.slice(0, 2) && reverseOctets(half) === eui) return true;
  }
  return false;
}

/** Octets, or hex digits, that count up or down by the same. */
function hasEqualSteps(values: Uint8Array): boolean {
  const modulus = values.length === 32 ? 16 : 256;
  const step = stepAt(values, 1, modulus);
  for (let index = 2; index < values.length; index++) {
    if (stepAt(values, index, modulus) !== step) return false;
  }
  return true;
}

function digitsOf(bytes: Uint8Array): Uint8Array {
  const digits = new Uint8Array(2 * bytes.length);
  for (const [index, byte] of bytes.entries()) {
    digits[2 * index] = byte >> 4;
    digits[2 * index + 1] = byte & 0xf;
  }
  return digits;
}

function stepAt(values: Uint8Array, index: number, modulus: number): number {
  return ((values[index] as number) - (values[index - 1] as number) + modulus) % modulus;
}

function reverseOctets(eui: string): string {
  return (eui.match(/../g) ?? []).reverse().join("");
}
