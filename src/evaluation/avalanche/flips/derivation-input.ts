import type { KeyDerivationInput } from "../../../root-key/suites/key-derivation.ts";

const KEY_BYTES = 16;
const CONTEXT_BYTES = 96;
/** NwkKey ‖ AppKey ‖ context. */
export const INPUT_BYTES = 2 * KEY_BYTES + CONTEXT_BYTES;
/** NwkKey' ‖ AppKey'. */
export const OUTPUT_BYTES = 2 * KEY_BYTES;
export const OUTPUT_BITS = 8 * OUTPUT_BYTES;

/** A run of octets of the input that belong together. */
export interface InputPart {
  readonly name: string;
  /** The first octet of it in NwkKey ‖ AppKey ‖ context. */
  readonly offset: number;
  readonly lengthBytes: number;
}

const LENGTHS: readonly (readonly [name: string, lengthBytes: number])[] = [
  ["NwkKey, octets 0 to 7", 8],
  ["NwkKey, octets 8 to 15", 8],
  ["AppKey, octets 0 to 7", 8],
  ["AppKey, octets 8 to 15", 8],
  ["DevEUI", 8],
  ["JoinEUI", 8],
  ["UpdateID", 2],
  ["suite", 1],
  ["JSNonce", 3],
  ["EDNonce", 4],
  ["JoinNonce", 3],
  ["zeros", 3],
  ["FNwkSIntKey", 16],
  ["SNwkSIntKey", 16],
  ["NwkSEncKey", 16],
  ["AppSKey", 16],
];

/**
 * What goes into a derivation, in order: both old root keys in halves, then the fields of the context as
 * `encodeUpdateContext` lays them out. The parts cover all octets.
 */
export const INPUT_PARTS: readonly InputPart[] = LENGTHS.map(([name, lengthBytes], index) => ({
  name,
  lengthBytes,
  offset: LENGTHS.slice(0, index).reduce((sum, [, length]) => sum + length, 0),
}));

/** The index in `INPUT_PARTS` of the part that an octet of the input is in. */
export function inputPartOf(octet: number): number {
  return INPUT_PARTS.findLastIndex(({ offset }) => offset <= octet);
}

/** @param octets `INPUT_BYTES`; the fields are views of it */
export function splitDerivationInput(octets: Uint8Array): KeyDerivationInput {
  return {
    nwkKey: octets.subarray(0, KEY_BYTES),
    appKey: octets.subarray(KEY_BYTES, 2 * KEY_BYTES),
    context: octets.subarray(2 * KEY_BYTES),
  };
}
