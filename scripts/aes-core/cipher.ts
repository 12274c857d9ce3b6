import {
  invMixColumns,
  invShiftRows,
  invSubBytes,
  mixColumns,
  PASS_BYTES,
  ROUND_COUNT,
  shiftRows,
  slicesOf,
  subBytes,
  xorRoundKey,
} from "./slices.ts";
import { get, i32, set, type WatFunction } from "./wat.ts";

/** An address and eight slices. */
export const sliceParameters = (address: string, slices: string): WatFunction["parameters"] => ({
  [address]: "i32",
  ...Object.fromEntries(slicesOf(slices).map((slice) => [slice, "v128" as const])),
});

const parameters = sliceParameters("key", "a");

const movePointer = (byRounds: number): string =>
  set("key", `(i32.add ${get("key")} ${i32(byRounds * PASS_BYTES)})`);

/** Eight slices under the round keys at `key` (FIPS 197 §5.1). */
export const encryptFunction: WatFunction = {
  name: "encryptSlices",
  parameters,
  resultCount: 8,
  body: [
    ...xorRoundKey("a", "key"),
    movePointer(1),
    set("nLeft", i32(ROUND_COUNT - 1)),
    "(loop $rounds",
    ...subBytes("a"),
    ...shiftRows("a"),
    // The last round has no MixColumns.
    `(if ${get("nLeft")} (then`,
    ...mixColumns("a"),
    ...xorRoundKey("a", "key"),
    movePointer(1),
    set("nLeft", `(i32.sub ${get("nLeft")} ${i32(1)})`),
    "(br $rounds))))",
    ...xorRoundKey("a", "key"),
    ...slicesOf("a").map(get),
  ],
};

/** The inverse (FIPS 197 §5.3). */
export const decryptFunction: WatFunction = {
  name: "decryptSlices",
  parameters,
  resultCount: 8,
  body: [
    movePointer(ROUND_COUNT),
    ...xorRoundKey("a", "key"),
    set("nLeft", i32(ROUND_COUNT - 1)),
    "(loop $rounds",
    ...invShiftRows("a"),
    ...invSubBytes("a"),
    movePointer(-1),
    ...xorRoundKey("a", "key"),
    `(if ${get("nLeft")} (then`,
    ...invMixColumns("a"),
    set("nLeft", `(i32.sub ${get("nLeft")} ${i32(1)})`),
    "(br $rounds))))",
    ...slicesOf("a").map(get),
  ],
};

/** Calls one of the two on the slices in `name`, which it replaces. */
export function callCipher(callee: WatFunction, name: string): string[] {
  const values = slicesOf(name).map(get).join(" ");
  return [
    `(call $${callee.name} ${get("key")} ${values})`,
    ...slicesOf(name)
      .reverse()
      .map((slice) => `(local.set $${slice})`),
  ];
}
