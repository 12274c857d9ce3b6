import type { JoinEuiRange } from "../../../api/generated/warren-api.ts";

/** `70b3d57ed0000000/40`, as other stacks write it too. */
export function formatRange({ first, prefixLengthBits }: JoinEuiRange): string {
  return `${first}/${prefixLengthBits}`;
}

/** The last JoinEUI of a range: all bits after the prefix are 1. */
export function lastOf({ first, prefixLengthBits }: JoinEuiRange): string {
  const rest = (1n << BigInt(64 - prefixLengthBits)) - 1n;
  return (BigInt(`0x${first}`) | rest).toString(16).padStart(16, "0");
}

/** How many JoinEUIs it has: `16,777,216`, or a power of two where that says more. */
export function sizeOf({ prefixLengthBits }: JoinEuiRange): string {
  const bits = 64 - prefixLengthBits;
  return bits > 32 ? `2^${bits}` : (2 ** bits).toLocaleString("en");
}

/** @returns undefined for anything but `<16 hex digits>/<0 to 64>` */
export function parseRange(text: string): JoinEuiRange | undefined {
  const [, eui = "", length = ""] = /^([0-9a-f]{16})\/(\d{1,2})$/.exec(text.toLowerCase()) ?? [];
  const prefixLengthBits = Number(length);
  if (eui === "" || prefixLengthBits > 64) return undefined;
  const rest = (1n << BigInt(64 - prefixLengthBits)) - 1n;
  const first = (BigInt(`0x${eui}`) & ~rest).toString(16).padStart(16, "0");
  return { first, prefixLengthBits };
}
