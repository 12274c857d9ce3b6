import { WarrenError } from "../../errors.ts";

// The state of Rabbit is one Int32Array: X0..X7, C0..C7 and the carry b. Everything is signed 32-bit
// integer arithmetic without a branch, so that the engine keeps it in registers. The next-state function
// has its rotations and carries written out: as functions they exceed what the engine inlines into one
// function, and that doubles the time (measured).

/** Where the state array keeps the counters C0..C7 and the carry b; X0..X7 come first. */
const C = 8;
const CARRY = 16;
export const STATE_WORDS = 17;

/** The counter constants A0..A7 (RFC 4503 §2.5): these three in turn. */
const A0 = 0x4d34d34d;
const A1 = 0xd34d34d3 | 0;
const A2 = 0x34d34d34;

/** The 513-bit state as 32-bit words, unsigned, with names of RFC 4503 §2.2. */
export interface RabbitState {
  readonly x: readonly number[];
  readonly c: readonly number[];
  readonly carry: number;
}

/**
 * Sets the state up from a key (RFC 4503 §2.3). The carry stays as the four iterations leave it.
 *
 * @throws WarrenError `key-malformed` unless `key` has 16 bytes
 */
export function setUpKey(s: Int32Array, key: Uint8Array): void {
  if (key.length !== 16) {
    throw new WarrenError("key-malformed", `a Rabbit key has 16 bytes, not ${key.length}`);
  }
  const k0 = word16(key, 0);
  const k1 = word16(key, 1);
  const k2 = word16(key, 2);
  const k3 = word16(key, 3);
  const k4 = word16(key, 4);
  const k5 = word16(key, 5);
  const k6 = word16(key, 6);
  const k7 = word16(key, 7);
  s[0] = (k1 << 16) | k0;
  s[1] = (k6 << 16) | k5;
  s[2] = (k3 << 16) | k2;
  s[3] = (k0 << 16) | k7;
  s[4] = (k5 << 16) | k4;
  s[5] = (k2 << 16) | k1;
  s[6] = (k7 << 16) | k6;
  s[7] = (k4 << 16) | k3;
  s[8] = (k4 << 16) | k5;
  s[9] = (k1 << 16) | k2;
  s[10] = (k6 << 16) | k7;
  s[11] = (k3 << 16) | k4;
  s[12] = (k0 << 16) | k1;
  s[13] = (k5 << 16) | k6;
  s[14] = (k2 << 16) | k3;
  s[15] = (k7 << 16) | k0;
  s[CARRY] = 0;
  iterateFourTimes(s);
  for (let j = 0; j < 8; j++) {
    s[C + j] = (s[C + j] as number) ^ (s[(j + 4) % 8] as number);
  }
}

/**
 * Sets a keyed state up with an IV (RFC 4503 §2.4).
 *
 * @throws WarrenError `value-out-of-range` unless `iv` has 8 bytes
 */
export function setUpIv(s: Int32Array, iv: Uint8Array): void {
  if (iv.length !== 8) {
    throw new WarrenError("value-out-of-range", `a Rabbit IV has 8 bytes, not ${iv.length}`);
  }
  const i0 = word16(iv, 0);
  const i1 = word16(iv, 1);
  const i2 = word16(iv, 2);
  const i3 = word16(iv, 3);
  const parts = [(i1 << 16) | i0, (i3 << 16) | i1, (i3 << 16) | i2, (i2 << 16) | i0];
  for (let j = 0; j < 8; j++) {
    s[C + j] = (s[C + j] as number) ^ (parts[j % 4] as number);
  }
  iterateFourTimes(s);
}

/**
 * Counter system and next-state function (RFC 4503 §2.5 and §2.6). The carry out of old + constant +
 * carry is the majority of the three top bits with the sum inverted.
 */
export function nextState(s: Int32Array): void {
  let carry = s[CARRY] as number;
  const o0 = s[8] as number;
  const c0 = (o0 + A0 + carry) | 0;
  carry = ((o0 & A0) | ((o0 | A0) & ~c0)) >>> 31;
  const o1 = s[9] as number;
  const c1 = (o1 + A1 + carry) | 0;
  carry = ((o1 & A1) | ((o1 | A1) & ~c1)) >>> 31;
  const o2 = s[10] as number;
  const c2 = (o2 + A2 + carry) | 0;
  carry = ((o2 & A2) | ((o2 | A2) & ~c2)) >>> 31;
  const o3 = s[11] as number;
  const c3 = (o3 + A0 + carry) | 0;
  carry = ((o3 & A0) | ((o3 | A0) & ~c3)) >>> 31;
  const o4 = s[12] as number;
  const c4 = (o4 + A1 + carry) | 0;
  carry = ((o4 & A1) | ((o4 | A1) & ~c4)) >>> 31;
  const o5 = s[13] as number;
  const c5 = (o5 + A2 + carry) | 0;
  carry = ((o5 & A2) | ((o5 | A2) & ~c5)) >>> 31;
  const o6 = s[14] as number;
  const c6 = (o6 + A0 + carry) | 0;
  carry = ((o6 & A0) | ((o6 | A0) & ~c6)) >>> 31;
  const o7 = s[15] as number;
  const c7 = (o7 + A1 + carry) | 0;
  carry = ((o7 & A1) | ((o7 | A1) & ~c7)) >>> 31;

  s[8] = c0;
  s[9] = c1;
  s[10] = c2;
  s[11] = c3;
  s[12] = c4;
  s[13] = c5;
  s[14] = c6;
  s[15] = c7;
  s[CARRY] = carry;

  const g0 = g(s[0] as number, c0);
  const g1 = g(s[1] as number, c1);
  const g2 = g(s[2] as number, c2);
  const g3 = g(s[3] as number, c3);
  const g4 = g(s[4] as number, c4);
  const g5 = g(s[5] as number, c5);
  const g6 = g(s[6] as number, c6);
  const g7 = g(s[7] as number, c7);

  s[0] = g0 + ((g7 << 16) | (g7 >>> 16)) + ((g6 << 16) | (g6 >>> 16));
  s[1] = g1 + ((g0 << 8) | (g0 >>> 24)) + g7;
  s[2] = g2 + ((g1 << 16) | (g1 >>> 16)) + ((g0 << 16) | (g0 >>> 16));
  s[3] = g3 + ((g2 << 8) | (g2 >>> 24)) + g1;
  s[4] = g4 + ((g3 << 16) | (g3 >>> 16)) + ((g2 << 16) | (g2 >>> 16));
  s[5] = g5 + ((g4 << 8) | (g4 >>> 24)) + g3;
  s[6] = g6 + ((g5 << 16) | (g5 >>> 16)) + ((g4 << 16) | (g4 >>> 16));
  s[7] = g7 + ((g6 << 8) | (g6 >>> 24)) + g5;
}

/** Extraction (RFC 4503 §2.7): 16 bytes at `offset`, least significant first. */
export function writeBlock(s: Int32Array, output: Uint8Array, offset: number): void {
  const x0 = s[0] as number;
  const x1 = s[1] as number;
  const x2 = s[2] as number;
  const x3 = s[3] as number;
  const x4 = s[4] as number;
  const x5 = s[5] as number;
  const x6 = s[6] as number;
  const x7 = s[7] as number;
  writeWord(output, offset, x0 ^ (x5 >>> 16) ^ (x3 << 16));
  writeWord(output, offset + 4, x2 ^ (x7 >>> 16) ^ (x5 << 16));
  writeWord(output, offset + 8, x4 ^ (x1 >>> 16) ^ (x7 << 16));
  writeWord(output, offset + 12, x6 ^ (x3 >>> 16) ^ (x1 << 16));
}

/** A copy of the state as unsigned words. */
export function readState(s: Int32Array): RabbitState {
  const words = Array.from(s, (word) => word >>> 0);
  return { x: words.slice(0, C), c: words.slice(C, CARRY), carry: words[CARRY] as number };
}

function iterateFourTimes(s: Int32Array): void {
  nextState(s);
  nextState(s);
  nextState(s);
  nextState(s);
}

/**
 * g(u, v): the low word XOR the high word of the 64-bit square of (u + v) mod 2^32 (RFC 4503 §2.6).
 * With the halves u + v = high * 2^16 + low no partial sum below exceeds 32 bits.
 */
function g(u: number, v: number): number {
  const sum = (u + v) | 0;
  const low = sum & 0xffff;
  const high = sum >>> 16;
  const middle = ((Math.imul(low, low) >>> 17) + Math.imul(low, high)) >>> 15;
  return Math.imul(sum, sum) ^ (middle + Math.imul(high, high));
}

/** The 16-bit word `index` of a key or an IV, least significant byte first. */
function word16(bytes: Uint8Array, index: number): number {
  return (bytes[2 * index] as number) | ((bytes[2 * index + 1] as number) << 8);
}

function writeWord(output: Uint8Array, offset: number, word: number): void {
  output[offset] = word;
  output[offset + 1] = word >>> 8;
  output[offset + 2] = word >>> 16;
  output[offset + 3] = word >>> 24;
}
