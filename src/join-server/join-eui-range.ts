import { WarrenError } from "../errors.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import { parseEui64 } from "../lorawan/identifiers.ts";

/** JoinEUIs that this server answers for, as a prefix: what other stacks write `70b3d57ed0000000/40`. */
export interface JoinEuiRange {
  /** The first JoinEUI of the range: all bits after the prefix are 0. */
  readonly first: Eui64;
  /** 0 (every JoinEUI) to 64 (one). */
  readonly prefixLengthBits: number;
}

/** @throws WarrenError `text-malformed` for anything but `<16 hex digits>/<0 to 64>` */
export function parseJoinEuiRange(text: string): JoinEuiRange {
  const [, eui = "", length = ""] = /^([0-9a-fA-F]{16})\/(\d{1,2})$/.exec(text) ?? [];
  const prefixLengthBits = Number(length);
  if (eui === "" || prefixLengthBits > 64) {
    throw new WarrenError("text-malformed", "a JoinEUI range looks like 70b3d57ed0000000/40");
  }
  const first = formatEui(BigInt(`0x${eui}`) & prefixMask(prefixLengthBits));
  return { first, prefixLengthBits };
}

export function formatJoinEuiRange({ first, prefixLengthBits }: JoinEuiRange): string {
  return `${first}/${prefixLengthBits}`;
}

/** Without any range on record every JoinEUI is served. */
export function isJoinEuiServed(ranges: readonly JoinEuiRange[], joinEui: Eui64): boolean {
  const value = BigInt(`0x${joinEui}`);
  return (
    ranges.length === 0 ||
    ranges.some(
      ({ first, prefixLengthBits }) =>
        (value & prefixMask(prefixLengthBits)) === BigInt(`0x${first}`),
    )
  );
}

function prefixMask(lengthBits: number): bigint {
  return ((1n << BigInt(lengthBits)) - 1n) << BigInt(64 - lengthBits);
}

function formatEui(value: bigint): Eui64 {
  return parseEui64(value.toString(16).padStart(16, "0"));
}
