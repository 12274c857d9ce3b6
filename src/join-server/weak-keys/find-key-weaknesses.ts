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
  const euis = [identity.devEui, identity.joinEui].flatMap((eui) => [eui, reverseOctets(eui)]);
  const findings: KeyFinding[] = weaknessesOf(keys.nwkKey, euis).map((weakness) => ({
    key: "nwkKey",
    weakness,
  }));
  if (equalKeys(keys.nwkKey, keys.appKey)) {
    // A 1.0.x device without GenAppKey has the AppKey in both places.
    if (isLorawan11(identity.macVersion)) {
      findings.push({ key: "appKey", weakness: "same-root-keys" });
    }
    return findings;
  }
  for (const weakness of weaknessesOf(keys.appKey, euis))
    findings.push({ key: "appKey", weakness });
  return findings;
}

function weaknessesOf(key: Aes128Key, euis: readonly string[]): KeyWeakness[] {
  const bytes = exportAes128Key(key);
  const hex = formatHex(bytes);
  bytes.fill(0);
  if (/^(..)\1*$/.test(hex)) return ["equal-octets"];
  const found: KeyWeakness[] = [];
  if (PUBLISHED_KEYS.has(hex)) found.push("published");
  if (euis.includes(hex.slice(0, 16)) || euis.includes(hex.slice(16))) {
    found.push("derived-from-eui");
  }
  if (found.length === 0 && isPattern(hex)) found.push("pattern");
  return found;
}

/** A block of 8 octets or less again and again, or octets or digits in steps that are all equal. */
function isPattern(hex: string): boolean {
  return /^(.{2,16})\1+$/.test(hex) || hasEqualSteps(hex, 1) || hasEqualSteps(hex, 2);
}

function hasEqualSteps(hex: string, digits: 1 | 2): boolean {
  const modulus = 16 ** digits;
  const values = (hex.match(digits === 1 ? /./g : /../g) ?? []).map((text) =>
    Number.parseInt(text, 16),
  );
  const step = stepAt(values, 1, modulus);
  return values.every((_, index) => index === 0 || stepAt(values, index, modulus) === step);
}

function stepAt(values: readonly number[], index: number, modulus: number): number {
  return ((values[index] as number) - (values[index - 1] as number) + modulus) % modulus;
}

function reverseOctets(eui: string): string {
  return (eui.match(/../g) ?? []).reverse().join("");
}
