import { BitSequence } from "../../../../src/evaluation/sp800-22/bit-sequence.ts";

/** Bits of each expansion, integer part included. */
const LENGTH_BITS = 1_000_000;
/** Of the expansions below, before the last bits are cut off. */
const GUARD_BITS = 128n;

const PRECISION = BigInt(LENGTH_BITS - 2) + GUARD_BITS;

/** How `data.sequences` of test/vectors/sp800-22.json says they are made: the first 10^6 bits as an integer. */
const INTEGERS = {
  e: () => eulersNumber() >> GUARD_BITS,
  pi: () => circleNumber() >> GUARD_BITS,
  sqrt2: () => integerSquareRoot(2n << BigInt(2 * (LENGTH_BITS - 1))),
  sqrt3: () => integerSquareRoot(3n << BigInt(2 * (LENGTH_BITS - 1))),
};

export type ExpansionName = keyof typeof INTEGERS;

export const EXPANSION_NAMES = Object.keys(INTEGERS) as ExpansionName[];

const computed = new Map<ExpansionName, Uint8Array>();

/** The first 10^6 bits of a number in binary without the point, eight bits an octet. */
export function expansionOctets(name: ExpansionName): Uint8Array {
  const known = computed.get(name);
  if (known !== undefined) return known;
  const octets = Buffer.from(INTEGERS[name]().toString(16), "hex");
  computed.set(name, octets);
  return octets;
}

export function expansion(name: ExpansionName, lengthBits = LENGTH_BITS): BitSequence {
  return BitSequence.fromOctets(expansionOctets(name), lengthBits);
}

/** floor(sqrt(value)), each step of Newton's with twice the digits of the one before. */
function integerSquareRoot(value: bigint): bigint {
  const bits = value.toString(16).length * 4;
  if (bits <= 48) {
    let root = BigInt(Math.floor(Math.sqrt(Number(value))));
    while (root * root > value) root--;
    while ((root + 1n) * (root + 1n) <= value) root++;
    return root;
  }
  const half = BigInt(Math.floor(bits / 4) - 2);
  const start = (integerSquareRoot(value >> (2n * half)) + 1n) << half;
  let root = start;
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) {
    root = next;
  }
  return root;
}

/** floor(e * 2^PRECISION), or a little less: the sum of 1 / k! by binary splitting. */
function eulersNumber(): bigint {
  const { p, q } = splitFactorials(0, 68_500);
  return (1n << PRECISION) + (p << PRECISION) / q;
}

/** The sum of 1 / ((from + 1) ... k) for from < k <= to, as p / q. */
function splitFactorials(from: number, to: number): { p: bigint; q: bigint } {
  if (to - from === 1) return { p: 1n, q: BigInt(to) };
  const middle = Math.floor((from + to) / 2);
  const left = splitFactorials(from, middle);
  const right = splitFactorials(middle, to);
  return { p: left.p * right.q + right.p, q: left.q * right.q };
}

const CHUDNOVSKY_A = 13_591_409n;
const CHUDNOVSKY_B = 545_140_134n;
const CHUDNOVSKY_C3_OVER_24 = 10_939_058_860_032_000n;

/** floor(pi * 2^PRECISION), or a little less: the series of the brothers Chudnovsky by binary splitting. */
function circleNumber(): bigint {
  const { q, t } = splitChudnovsky(0, 21_400);
  return (q * 426_880n * integerSquareRoot(10_005n << (2n * PRECISION))) / t;
}

function splitChudnovsky(from: number, to: number): { p: bigint; q: bigint; t: bigint } {
  if (to - from === 1) {
    const k = BigInt(from);
    const p = from === 0 ? 1n : (6n * k - 5n) * (2n * k - 1n) * (6n * k - 1n);
    const q = from === 0 ? 1n : k * k * k * CHUDNOVSKY_C3_OVER_24;
    const t = p * (CHUDNOVSKY_A + CHUDNOVSKY_B * k);
    return { p, q, t: from % 2 === 0 ? t : -t };
  }
  const middle = Math.floor((from + to) / 2);
  const left = splitChudnovsky(from, middle);
  const right = splitChudnovsky(middle, to);
  return {
    p: left.p * right.p,
    q: left.q * right.q,
    t: right.q * left.t + left.p * right.t,
  };
}
