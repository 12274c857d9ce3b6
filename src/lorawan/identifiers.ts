import { formatHex, parseHex } from "./hex.ts";

declare const brand: unique symbol;

/** A JoinEUI, DevEUI or gateway EUI: 16 lower-case hex digits, most significant byte first. */
export type Eui64 = string & { readonly [brand]: "Eui64" };
/** A device address: 8 lower-case hex digits, most significant byte first. */
export type DevAddr = string & { readonly [brand]: "DevAddr" };
/** A network identifier: 6 lower-case hex digits, most significant byte first. */
export type NetId = string & { readonly [brand]: "NetId" };

/** @throws WarrenError `text-malformed` unless `text` is 16 hex digits of either case */
export function parseEui64(text: string): Eui64 {
  return lowerHex(text, 8) as Eui64;
}

/** @throws WarrenError `text-malformed` unless `text` is 8 hex digits of either case */
export function parseDevAddr(text: string): DevAddr {
  return lowerHex(text, 4) as DevAddr;
}

/** @throws WarrenError `text-malformed` unless `text` is 6 hex digits of either case */
export function parseNetId(text: string): NetId {
  return lowerHex(text, 3) as NetId;
}

/** Identifiers come with every message: what is hex in lower case already is taken as it is. */
function lowerHex(text: string, lengthBytes: number): string {
  return text.length === 2 * lengthBytes && /^[0-9a-f]+$/.test(text)
    ? text
    : formatHex(parseHex(text, lengthBytes));
}
