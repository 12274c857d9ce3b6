import { callCipher, encryptFunction, sliceParameters } from "./cipher.ts";
import {
  loadSlices,
  PASS_BYTES,
  ROUND_COUNT,
  S_BOX_CONSTANT_SLICES,
  SLICE_BYTES,
  SLICES,
  slicesOf,
  storeSlices,
  subBytes,
  transpose,
} from "./slices.ts";
import {
  and,
  bytes,
  get,
  i32,
  load,
  permute,
  set,
  shuffle,
  splat,
  store,
  type WatFunction,
  xor,
} from "./wat.ts";

/** Place 0 of every column: where the round constant goes. */
const FIRST_ROW = bytes((place) => (place % 4 === 0 ? 0xff : 0));
const ZERO = splat(0);
/** RotWord of the last column, in every column. */
const rotatedLastColumn = (place: number): number => 12 + ((place + 1) % 4);
/** Moves columns to the right, zeros behind them. */
const movedByColumns = (slice: string, columns: number): string =>
  shuffle(ZERO, get(slice), (place) => (place < 4 * columns ? 0 : 16 + place - 4 * columns));

/**
 * The eleven round keys (FIPS 197 §5.2) of the key in slices `k`, at `key`. The S-box constant of the
 * round is in all but the first.
 */
export const expandSlicesFunction: WatFunction = {
  name: "expandSlices",
  parameters: sliceParameters("key", "k"),
  body: [
    ...storeSlices("k", "key"),
    set("nConstant", i32(1)),
    set("nLeft", i32(ROUND_COUNT)),
    "(loop $rounds",
    ...SLICES.map((i) => set(`w${i}`, permute(`k${i}`, rotatedLastColumn))),
    ...subBytes("w"),
    set("key", `(i32.add ${get("key")} ${i32(PASS_BYTES)})`),
    ...SLICES.flatMap(nextRoundKey),
    ...storeSlices("w", "key"),
    ...SLICES.map((i) =>
      set(`k${i}`, S_BOX_CONSTANT_SLICES.includes(i) ? `(v128.not ${get(`w${i}`)})` : get(`w${i}`)),
    ),
    // Two times in GF(2^8): 0x80 becomes 0x1b.
    set(
      "nConstant",
      `(i32.xor (i32.shl ${get("nConstant")} (i32.const 1))
        (i32.mul (i32.shr_u ${get("nConstant")} (i32.const 7)) (i32.const 0x11b)))`,
    ),
    set("nLeft", `(i32.sub ${get("nLeft")} ${i32(1)})`),
    `(br_if $rounds ${get("nLeft")}))`,
  ],
};

/** Round keys at `key` of the 16 bytes at `from`, which are wiped: the same in all eight lanes. */
export const expandKeyFunction: WatFunction = {
  name: "expandKey",
  isExported: true,
  parameters: { key: "i32", from: "i32" },
  body: [
    set("bytes", load(get("from"), 0)),
    store(get("from"), 0, ZERO),
    ...SLICES.map((i) => set(`k${i}`, `(i8x16.ne ${and(get("bytes"), splat(1 << i))} ${ZERO})`)),
    `(call $expandSlices ${get("key")} ${slicesOf("k").map(get).join(" ")})`,
  ],
};

/** Round keys at `key` of eight times 16 bytes at `from`, which are wiped: a key for each lane. */
export const expandLanesFunction: WatFunction = {
  name: "expandLanes",
  isExported: true,
  parameters: { key: "i32", from: "i32" },
  body: [
    ...loadSlices("k", "from"),
    ...SLICES.map((i) => store(get("from"), i * SLICE_BYTES, ZERO)),
    ...transpose("k"),
    `(call $expandSlices ${get("key")} ${slicesOf("k").map(get).join(" ")})`,
  ],
};

/** Each column is the sum of the new word, the round constant and all columns up to it. */
function nextRoundKey(i: number): string[] {
  const key = `k${i}`;
  const bit = `(i32.and (i32.shr_u ${get("nConstant")} ${i32(i)}) (i32.const 1))`;
  const constant = and(FIRST_ROW, `(i8x16.splat (i32.sub (i32.const 0) ${bit}))`);
  return [
    set(key, xor(get(key), movedByColumns(key, 1))),
    set(key, xor(get(key), movedByColumns(key, 2))),
    set(`w${i}`, xor(xor(get(key), get(`w${i}`)), constant)),
  ];
}

/**
 * The subkeys of CMAC (RFC 4493 §2.3) under the round keys at `key`: K1 of the eight lanes at `to`,
 * then K2 of the eight.
 */
export const subkeysFunction: WatFunction = {
  name: "makeSubkeys",
  isExported: true,
  parameters: { key: "i32", to: "i32" },
  body: [
    ...SLICES.map((i) => set(`a${i}`, ZERO)),
    ...callCipher(encryptFunction, "a"),
    ...transpose("a"),
    ...slicesOf("a").flatMap((block, lane) => [
      ...doubleBlock(block),
      store(get("to"), lane * SLICE_BYTES, get(block)),
      ...doubleBlock(block),
      store(get("to"), PASS_BYTES + lane * SLICE_BYTES, get(block)),
    ]),
  ],
};

/** Times x in GF(2^128), most significant byte first. */
function doubleBlock(block: string): string[] {
  const carries = `(i8x16.shr_u ${get(block)} (i32.const 7))`;
  const reduction = bytes((place) => (place === 15 ? 0x87 : 0));
  return [
    set("carries", carries),
    // The bit that falls out of byte 0, as a mask of all bytes.
    set("top", `(i8x16.neg ${permute("carries", () => 0)})`),
    set(
      block,
      xor(
        `(i8x16.shl ${get(block)} (i32.const 1))`,
        shuffle(get("carries"), ZERO, (place) => place + 1),
      ),
    ),
    set(block, xor(get(block), and(get("top"), reduction))),
  ];
}
