import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Rabbit } from "../../../src/crypto/rabbit/rabbit.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";

const MASK_32 = 0xffff_ffffn;
const CONSTANTS = [0x4d34d34dn, 0xd34d34d3n, 0x34d34d34n] as const;

const rotate = (value: bigint, bits: bigint) =>
  ((value << bits) | (value >> (32n - bits))) & MASK_32;

/** RFC 4503 once more, word for word and with unbounded integers: slow, and hard to get wrong. */
function slowRabbit(keyBytes: Uint8Array, blockCount: number): string {
  const key = BigInt(`0x${formatHex(keyBytes.toReversed())}`);
  const k = (j: number) => (key >> BigInt(16 * (j % 8))) & 0xffffn;
  const isEven = (j: number) => j % 2 === 0;
  let x = Array.from({ length: 8 }, (_, j) =>
    isEven(j) ? (k(j + 1) << 16n) | k(j) : (k(j + 5) << 16n) | k(j + 4),
  );
  let c = Array.from({ length: 8 }, (_, j) =>
    isEven(j) ? (k(j + 4) << 16n) | k(j + 5) : (k(j) << 16n) | k(j + 1),
  );
  let carry = 0n;
  const iterate = () => {
    c = c.map((counter, j) => {
      const sum = counter + (CONSTANTS[j % 3] as bigint) + carry;
      carry = sum >> 32n;
      return sum & MASK_32;
    });
    const g = x.map((word, j) => {
      const square = ((word + (c[j] as bigint)) & MASK_32) ** 2n;
      return (square ^ (square >> 32n)) & MASK_32;
    });
    const at = (j: number) => g[(j + 8) % 8] as bigint;
    x = g.map((own, j) => {
      const sum = isEven(j)
        ? own + rotate(at(j - 1), 16n) + rotate(at(j - 2), 16n)
        : own + rotate(at(j - 1), 8n) + at(j - 2);
      return sum & MASK_32;
    });
  };
  const low = (j: number) => (x[j] as bigint) & 0xffffn;
  const high = (j: number) => (x[j] as bigint) >> 16n;
  for (let round = 0; round < 4; round++) iterate();
  c = c.map((counter, j) => counter ^ (x[(j + 4) % 8] as bigint));
  let output = "";
  for (let block = 0; block < blockCount; block++) {
    iterate();
    const words = [
      low(0) ^ high(5),
      high(0) ^ low(3),
      low(2) ^ high(7),
      high(2) ^ low(5),
      low(4) ^ high(1),
      high(4) ^ low(7),
      low(6) ^ high(3),
      high(6) ^ low(1),
    ];
    const value = words.reduceRight((sum, word) => (sum << 16n) | word, 0n);
    const text = value.toString(16).padStart(32, "0");
    output += (text.match(/../g) as string[]).reverse().join("");
  }
  return output;
}

describe("Rabbit against a second implementation", () => {
  it("agrees on any key", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (key) => {
        assert.equal(formatHex(new Rabbit(key).keystream(64)), slowRabbit(key, 4));
      }),
      { numRuns: 500 },
    );
  });
});
