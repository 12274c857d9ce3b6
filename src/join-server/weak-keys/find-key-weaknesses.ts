import { exportAes128Key } from "../../crypto/aes128.ts";
import { equalBytes } from "../../crypto/constant-time.ts";
import { formatHex } from "../../lorawan/hex.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
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

const EUI_DIGITS = 16;

type Identity = Pick<DeviceSettings, "devEui" | "joinEui" | "macVersion">;

/**
 * What is wrong with the root keys of a device, looked at alone; usually nothing. Imports call it for every
 * device, so it looks at octets and stops at the first that does not fit.
 */
export function findKeyWeaknesses(identity: Identity, keys: RootKeys): KeyFinding[] {
  const euis = [identity.devEui, identity.joinEui];
  const nwkKey = exportAes128Key(keys.nwkKey);
  // An export takes as long as all that is looked for.
  const appKey = keys.appKey === keys.nwkKey ? nwkKey : exportAes128Key(keys.appKey);
  const findings: KeyFinding[] = [];
  for (const weakness of weaknessesOf(nwkKey, euis)) findings.push({ key: "nwkKey", weakness });
  if (!equalBytes(nwkKey, appKey)) {
    for (const weakness of weaknessesOf(appKey, euis)) findings.push({ key: "appKey", weakness });
  } else if (isLorawan11(identity.macVersion)) {
    // A 1.0.x device without GenAppKey has the AppKey in both places.
    findings.push({ key: "appKey", weakness: "same-root-keys" });
  }
  nwkKey.fill(0);
  appKey.fill(0);
  return findings;
}

function weaknessesOf(octets: Uint8Array, euis: readonly Eui64[]): KeyWeakness[] {
  if (repeatsAfter(octets, 1)) return ["equal-octets"];
  const hex = formatHex(octets);
  const halves = [hex.slice(0, EUI_DIGITS), hex.slice(EUI_DIGITS)];
  const found: KeyWeakness[] = [];
  if (PUBLISHED_KEYS.has(hex)) found.push("published");
  if (euis.some((eui) => halves.some((half) => isEui(half, eui)))) found.push("derived-from-eui");
  if (found.length === 0 && isPattern(octets)) found.push("pattern");
  return found;
}

/** Whether the hex digits are those of the EUI, in either order of octets. */
function isEui(half: string, eui: Eui64): boolean {
  return half === eui || (half.startsWith(eui.slice(-2)) && reverseOctets(half) === eui);
}

function reverseOctets(hex: string): string {
  return (hex.match(/../g) ?? []).reverse().join("");
}

/** A block of 8 octets or less again and again, or octets or digits in steps that are all equal. */
function isPattern(octets: Uint8Array): boolean {
  return (
    repeatsAfter(octets, 2) ||
    repeatsAfter(octets, 4) ||
    repeatsAfter(octets, 8) ||
    hasEqualSteps(octets.length, 0x100, (index) => octets[index] as number) ||
    hasEqualSteps(2 * octets.length, 0x10, (index) => digitAt(octets, index))
  );
}

function repeatsAfter(octets: Uint8Array, period: number): boolean {
  for (let i = period; i < octets.length; i++) {
    if (octets[i] !== octets[i - period]) return false;
  }
  return true;
}

function hasEqualSteps(count: number, modulus: number, at: (index: number) => number): boolean {
  const step = (at(1) - at(0) + modulus) % modulus;
  for (let i = 2; i < count; i++) {
    if ((at(i) - at(i - 1) + modulus) % modulus !== step) return false;
  }
  return true;
}

/** Of two hex digits an octet, the more significant one first. */
function digitAt(octets: Uint8Array, index: number): number {
  const octet = octets[index >> 1] as number;
  return index % 2 === 0 ? octet >> 4 : octet & 0xf;
}
