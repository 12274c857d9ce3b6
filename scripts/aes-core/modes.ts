import { callCipher, decryptFunction, encryptFunction } from "./cipher.ts";
import { loadSlices, PASS_BYTES, SLICE_BYTES, slicesOf, storeSlices, transpose } from "./slices.ts";
import { get, i32, load, set, splat, store, type WatFunction, xor } from "./wat.ts";

/** Eight blocks at `blocks`, in place. */
export const encryptBlocksFunction: WatFunction = {
  name: "encryptBlocks",
  isExported: true,
  parameters: { key: "i32", blocks: "i32" },
  body: inPlace(encryptFunction),
};

/** The inverse. */
export const decryptBlocksFunction: WatFunction = {
  name: "decryptBlocks",
  isExported: true,
  parameters: { key: "i32", blocks: "i32" },
  body: inPlace(decryptFunction),
};

function inPlace(cipher: WatFunction): string[] {
  return [
    ...loadSlices("a", "blocks"),
    ...transpose("a"),
    ...callCipher(cipher, "a"),
    ...transpose("a"),
    ...storeSlices("a", "blocks"),
  ];
}

/**
 * CBC with a zero IV over eight messages of `count` blocks, count >= 1. Block j of the message in lane
 * b is at `blocks` + 128 j + 16 b; the last result takes the place of block 0.
 */
export const cbcMacFunction: WatFunction = {
  name: "cbcMac",
  isExported: true,
  parameters: { key: "i32", blocks: "i32", count: "i32" },
  body: [
    ...slicesOf("a").map((slice) => set(slice, splat(0))),
    set("nBlock", get("blocks")),
    "(loop $blocks",
    ...loadSlices("m", "nBlock"),
    ...transpose("m"),
    ...slicesOf("a").map((slice, i) => set(slice, xor(get(slice), get(`m${i}`)))),
    ...callCipher(encryptFunction, "a"),
    set("nBlock", `(i32.add ${get("nBlock")} ${i32(PASS_BYTES)})`),
    set("count", `(i32.sub ${get("count")} (i32.const 1))`),
    `(br_if $blocks ${get("count")}))`,
    ...transpose("a"),
    ...storeSlices("a", "blocks"),
  ],
};

/** Adds the block at `from` to that at `to`. */
export const xorBlockFunction: WatFunction = {
  name: "xorBlock",
  isExported: true,
  parameters: { to: "i32", from: "i32" },
  body: [store(get("to"), 0, xor(load(get("to"), 0), load(get("from"), 0)))],
};

/** Zeros `count` times 128 bytes from `from` on, count >= 1. */
export const wipeFunction: WatFunction = {
  name: "wipe",
  isExported: true,
  parameters: { from: "i32", count: "i32" },
  body: [
    "(loop $passes",
    ...slicesOf("a").map((_, i) => store(get("from"), i * SLICE_BYTES, splat(0))),
    set("from", `(i32.add ${get("from")} ${i32(PASS_BYTES)})`),
    set("count", `(i32.sub ${get("count")} (i32.const 1))`),
    `(br_if $passes ${get("count")}))`,
  ],
};
