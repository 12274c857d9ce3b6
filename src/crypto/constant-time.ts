import { timingSafeEqual } from "node:crypto";

/**
 * Whether two byte strings are equal, in a time that depends on their length alone: for MICs, keys
 * and tokens. Different lengths are unequal at once; lengths are not secret here.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
