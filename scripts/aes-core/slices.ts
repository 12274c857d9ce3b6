import { INVERSE_AFFINE_GATES, parseGates, S_BOX_GATES } from "./s-box.ts";
import { and, get, load, permute, set, splat, store, xor } from "./wat.ts";

/**
 * Eight blocks as eight slices: bit b of byte p of slice i is bit i of byte p of block b. The layout
 * is that of Käsper and Schwabe, "Faster and Timing-Attack Resistant AES-GCM" (IACR ePrint 2009/129).
 */
export const SLICES = [0, 1, 2, 3, 4, 5, 6, 7] as const;
export const SLICE_BYTES = 16;
/** Of one round key, and of eight blocks. */
export const PASS_BYTES = SLICES.length * SLICE_BYTES;
export const ROUND_COUNT = 10;
/** Which slices have a one in the constant of the S-box, 0x63. */
export const S_BOX_CONSTANT_SLICES = [0, 1, 5, 6];

/** The locals `a0` to `a7`, and so on. */
export const slicesOf = (name: string): string[] => SLICES.map((i) => name + i);

/** Reads eight blocks, or a round key, from the address in the local `pointer`. */
export const loadSlices = (name: string, pointer: string): string[] =>
  SLICES.map((i) => set(name + i, load(get(pointer), i * SLICE_BYTES)));

export const storeSlices = (name: string, pointer: string): string[] =>
  SLICES.map((i) => store(get(pointer), i * SLICE_BYTES, get(name + i)));

export const xorRoundKey = (name: string, pointer: string): string[] =>
  SLICES.map((i) => set(name + i, xor(get(name + i), load(get(pointer), i * SLICE_BYTES))));

/** Blocks into slices and back: the transposition of 8 × 8 bits is its own inverse. */
export function transpose(name: string): string[] {
  const stages = [
    { distance: 1, mask: 0x55 },
    { distance: 2, mask: 0x33 },
    { distance: 4, mask: 0x0f },
  ];
  return stages.flatMap(({ distance, mask }) =>
    SLICES.filter((i) => (i & distance) === 0).flatMap((i) =>
      swapBits(name + i, name + (i + distance), { distance, mask: splat(mask) }),
    ),
  );
}

/** Changes the bits of `low` above `mask` for the bits of `high` in it. */
function swapBits(
  low: string,
  high: string,
  { distance, mask }: { readonly distance: number; readonly mask: string },
): string[] {
  const shifted = `(i64x2.shr_u ${get(low)} (i32.const ${distance}))`;
  return [
    set("swap", and(xor(shifted, get(high)), mask)),
    set(high, xor(get(high), get("swap"))),
    set(low, xor(get(low), `(i64x2.shl ${get("swap")} (i32.const ${distance}))`)),
  ];
}

/** The S-box but for its constant. */
export const subBytes = (name: string): string[] => applyGates(S_BOX_GATES, name);

/** The inverse S-box, given its input with the constant 0x63 added. */
export const invSubBytes = (name: string): string[] => [
  ...applyGates(INVERSE_AFFINE_GATES, name),
  ...applyGates(S_BOX_GATES, name),
  ...applyGates(INVERSE_AFFINE_GATES, name),
];

function applyGates(text: string, name: string): string[] {
  const gates = parseGates(text).map(({ output, operator, inputs: [left, right] }) =>
    set(output, (operator === "^" ? xor : and)(get(left), get(right))),
  );
  return [
    ...SLICES.map((i) => set(`x${7 - i}`, get(name + i))),
    ...gates,
    ...SLICES.map((i) => set(name + i, get(`s${7 - i}`))),
  ];
}

/** Place p of a block is in row p % 4 and column p / 4 of the state (FIPS 197 §3.4). */
const place = (row: number, column: number): number => 4 * (column % 4) + (row % 4);
const rowOf = (p: number): number => p % 4;
const columnOf = (p: number): number => Math.floor(p / 4);
const shiftedRow = (p: number): number => place(rowOf(p), columnOf(p) + rowOf(p));
const unshiftedRow = (p: number): number => place(rowOf(p), columnOf(p) + 4 - rowOf(p));
const below = (rows: number) => (p: number) => place(rowOf(p) + rows, columnOf(p));

/** FIPS 197 §5.1.2. */
export const shiftRows = (name: string): string[] =>
  slicesOf(name).map((slice) => set(slice, permute(slice, shiftedRow)));

/** FIPS 197 §5.3.1. */
export const invShiftRows = (name: string): string[] =>
  slicesOf(name).map((slice) => set(slice, permute(slice, unshiftedRow)));

/**
 * FIPS 197 §5.1.3: with r the state rotated up by one row, 2 (x + r) + r + (x + r rotated by two).
 * Two times a byte moves its bits up by one; the one that falls out comes back as 0x1b.
 */
export const mixColumns = (name: string): string[] => [
  ...SLICES.flatMap((i) => [
    set(`r${i}`, permute(name + i, below(1))),
    set(`d${i}`, xor(get(name + i), get(`r${i}`))),
  ]),
  ...SLICES.map((i) => {
    const sum = xor(get(`r${i}`), permute(`d${i}`, below(2)));
    return set(name + i, xor(sum, doubled("d", i)));
  }),
];

/** FIPS 197 §5.3.3: adds four times the sum of a byte and the one two rows below, then MixColumns. */
export const invMixColumns = (name: string): string[] => [
  ...SLICES.map((i) => set(`e${i}`, xor(get(name + i), permute(name + i, below(2))))),
  ...SLICES.map((i) => set(`f${i}`, doubled("e", i))),
  ...SLICES.map((i) => set(name + i, xor(get(name + i), doubled("f", i)))),
  ...mixColumns(name),
];

/** Slice `i` of two times the bytes in slices `name`. */
function doubled(name: string, i: number): string {
  const falling = get(`${name}7`);
  if (i === 0) return falling;
  const moved = get(name + (i - 1));
  return i === 1 || i === 3 || i === 4 ? xor(moved, falling) : moved;
}
