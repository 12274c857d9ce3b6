import { callCipher, decryptFunction, encryptFunction } from "./cipher.ts";
import { loadSlices, SLICES, slicesOf, storeSlices, transpose } from "./slices.ts";
import { and, bytes, get, i32, set, shuffle, type WatFunction, xor } from "./wat.ts";

/** Six times two halves of a key of 16 bytes (RFC 3394 §2.2.1). */
const STEP_COUNT = 12;
/** The last byte of A, in which the step count is. */
const STEP_PLACE = bytes((place) => (place === 7 ? 0xff : 0));

const parameters = { key: "i32", a: "i32", b: "i32" } as const;

/**
 * RFC 3394 §2.2.1 of eight keys of 16 bytes at once, in place: A | R1 of lane b is at `a` + 16 b,
 * R2 | anything at `b` + 16 b.
 */
export const wrapFunction: WatFunction = {
  name: "wrapKeys",
  isExported: true,
  parameters,
  body: [
    ...enter(),
    set("nStep", i32(1)),
    "(loop $steps",
    ...callCipher(encryptFunction, "v"),
    ...xorStep(),
    ...turn(),
    set("nStep", `(i32.add ${get("nStep")} ${i32(1)})`),
    `(br_if $steps (i32.le_u ${get("nStep")} ${i32(STEP_COUNT)})))`,
    ...leave(),
  ],
};

/** The inverse (RFC 3394 §2.2.2); A must be checked by the caller. */
export const unwrapFunction: WatFunction = {
  name: "unwrapKeys",
  isExported: true,
  parameters,
  body: [
    ...enter(),
    set("nStep", i32(STEP_COUNT)),
    "(loop $steps",
    ...turn(),
    ...xorStep(),
    ...callCipher(decryptFunction, "v"),
    set("nStep", `(i32.sub ${get("nStep")} ${i32(1)})`),
    `(br_if $steps ${get("nStep")}))`,
    ...leave(),
  ],
};

/** Between the steps `v` is A | the half whose turn it is, and the first half of `w` the other one. */
function enter(): string[] {
  return [...loadSlices("v", "a"), ...transpose("v"), ...loadSlices("w", "b"), ...transpose("w")];
}

function leave(): string[] {
  return [...transpose("v"), ...storeSlices("v", "a"), ...transpose("w"), ...storeSlices("w", "b")];
}

/** The halves change places; doing it twice changes nothing, so both directions use it. */
function turn(): string[] {
  return SLICES.flatMap((i) => [
    set("half", get(`v${i}`)),
    set(
      `v${i}`,
      shuffle(get(`v${i}`), get(`w${i}`), (p) => (p < 8 ? p : 16 + p - 8)),
    ),
    set(
      `w${i}`,
      shuffle(get("half"), get("half"), (p) => 8 + (p % 8)),
    ),
  ]);
}

/** A ^= step count, below 16, in all lanes. */
function xorStep(): string[] {
  return slicesOf("v")
    .slice(0, 4)
    .map((slice, i) => {
      const bit = `(i32.and (i32.shr_u ${get("nStep")} ${i32(i)}) (i32.const 1))`;
      const mask = and(STEP_PLACE, `(i8x16.splat (i32.sub (i32.const 0) ${bit}))`);
      return set(slice, xor(get(slice), mask));
    });
}
