import { type TString, Type } from "typebox";

/** Hex text of exactly `lengthBytes` bytes, either case, without `0x`. */
export function hexOf(lengthBytes: number): TString {
  return Type.String({ pattern: `^[0-9a-fA-F]{${2 * lengthBytes}}$` });
}

/** Hex text of 0 to `maxLengthBytes` bytes. */
export function hexUpTo(maxLengthBytes: number): TString {
  return Type.String({ pattern: "^([0-9a-fA-F]{2})*$", maxLength: 2 * maxLengthBytes });
}
