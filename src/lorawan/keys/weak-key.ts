import { type Aes128Key, exportAes128Key } from "../../crypto/aes128.ts";
import { formatHex } from "../hex.ts";
import type { Eui64 } from "../identifiers.ts";

/** Why anybody could guess a root key. */
export type KeyWeakness =
  | "all-octets-equal"
  | "counting-octets"
  | "repeated-pattern"
  | "published-default"
  | "derived-from-eui";

/** For people. */
export const KEY_WEAKNESSES: Readonly<Record<KeyWeakness, string>> = {
  "all-octets-equal": "all its octets are equal",
  "counting-octets": "its octets count up or down",
  "repeated-pattern": "it repeats a pattern of at most eight octets",
  "published-default": "it is an example that many programs come with",
  "derived-from-eui":
    "it is made of the DevEUI or the JoinEUI, which everybody can read on the air",
};

/**
 * Keys of examples that devices are shipped with: that of NIST SP 800-38A and RFC 4493, which LoRaMac-node
 * has as its default, and two that count.
 */
const PUBLISHED = new Set([
  "2b7e151628aed2a6abf7158809cf4f3c",
  "000102030405060708090a0b0c0d0e0f",
  "01020304050607080102030405060708",
]);

/**
 * What is weak about a root key by itself (LoRa Alliance TR007: no pattern, nothing derived), undefined if
 * nothing is seen. Whether two devices share a key is not seen here.
 */
export function findKeyWeakness(
  key: Aes128Key,
  { devEui, joinEui }: { readonly devEui: Eui64; readonly joinEui: Eui64 },
): KeyWeakness | undefined {
  const octets = exportAes128Key(key);
  const period = periodOf(octets);
  if (period === 1) return "all-octets-equal";
  const hex = formatHex(octets);
  if (PUBLISHED.has(hex)) return "published-default";
  if (isCounting(octets)) return "counting-octets";
  if (isMadeOfEui(hex, devEui) || isMadeOfEui(hex, joinEui)) return "derived-from-eui";
  return period <= 8 ? "repeated-pattern" : undefined;
}

/** After how many octets they come again; 16 if they do not. */
function periodOf(octets: Uint8Array): number {
  return (
    [1, 2, 4, 8].find((period) =>
      octets.every((octet, index) => octet === octets[index % period]),
    ) ?? octets.length
  );
}

/** Each octet is the one before plus the same step. */
function isCounting(octets: Uint8Array): boolean {
  const step = ((octets[1] as number) - (octets[0] as number)) & 0xff;
  return octets.every(
    (octet, index) => index === 0 || ((octet - (octets[index - 1] as number)) & 0xff) === step,
  );
}

/** Half the key is the EUI, in either order of octets: the rest is no secret worth the name. */
function isMadeOfEui(hex: string, eui: Eui64): boolean {
  const reversed = (eui.match(/../g) as string[]).reverse().join("");
  return [eui, reversed].some((text) => hex.startsWith(text) || hex.endsWith(text));
}
