import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AnsiCLcg, openAnsiCLcgKeys } from "../../../src/evaluation/key-streams/ansi-c-lcg.ts";
import {
  openEightBitKeys,
  openEightBitSeedKeys,
} from "../../../src/evaluation/key-streams/eight-bit-keys.ts";
import { findKeyStreamSource } from "../../../src/evaluation/key-streams/key-stream-sources.ts";
import { takeOctets } from "../../../src/evaluation/key-streams/take-octets.ts";
import { openWeylKeys } from "../../../src/evaluation/key-streams/weyl-keys.ts";

const hex = (octets: Uint8Array) => Buffer.from(octets).toString("hex");

describe("keys with 8 bits of entropy", () => {
  it("are 256, with every octet once at each of the 16 positions", () => {
    const stream = openEightBitKeys({ seed: "weak" });
    const keys = new Map<string, Uint8Array>();
    for (let count = 0; count < 6000; count++) {
      const key = stream.next();
      keys.set(hex(key), key);
    }
    assert.equal(keys.size, 256);
    for (let position = 0; position < 16; position++) {
      const octets = new Set([...keys.values()].map((key) => key[position]));
      assert.equal(octets.size, 256);
    }
  });

  it("are the same 256 in every sequence", () => {
    const keysOf = (sequence: number) => {
      const stream = openEightBitKeys({ seed: "weak", sequence });
      return new Set(Array.from({ length: 6000 }, () => hex(stream.next())));
    };
    assert.equal(keysOf(1).union(keysOf(2)).size, 256);
  });

  it("are 256 streams where the seed has 8 bits", () => {
    const firstKeys = new Set<string>();
    for (let seed = 0; seed < 3000; seed++) {
      firstKeys.add(hex(openEightBitSeedKeys({ seed: String(seed), sequence: 5 }).next()));
    }
    assert.equal(firstKeys.size, 256);
  });
});

describe("the linear congruential generator of ANSI C", () => {
  it("returns what programs of that library return after srand(1)", () => {
    const lcg = new AnsiCLcg(1);
    const returned = Array.from({ length: 10 }, () => lcg.rand());
    const known = [16838, 5758, 10113, 17515, 31051, 5627, 23010, 7419, 16212, 4086];
    assert.deepEqual(returned, known);
  });

  it("repeats the lowest bit of its octets after 2^17 of them", () => {
    const octets = takeOctets(openAnsiCLcgKeys({ seed: "weak" }), 2 ** 17 + 64);
    const lowestBits = (from: number) => octets.slice(from, from + 64).map((octet) => octet & 1);
    assert.deepEqual(lowestBits(2 ** 17), lowestBits(0));
    assert.notDeepEqual(lowestBits(2 ** 16), lowestBits(0));
  });
});

describe("multiples of an odd constant", () => {
  it("are i × constant mod 2^128, for the sequences from i = s × 2^32 + 1 on", () => {
    const multiplier = BigInt("0x9e3779b97f4a7c15f39cc0605cedc835");
    assert.equal(multiplier % 2n, 1n);
    for (const sequence of [0, 1, 99, 2 ** 32 - 1]) {
      const stream = openWeylKeys({ seed: "", sequence });
      for (let i = 1n; i <= 100n; i++) {
        const expected = BigInt.asUintN(128, ((BigInt(sequence) << 32n) + i) * multiplier);
        assert.equal(BigInt(`0x${hex(stream.next())}`), expected);
      }
    }
  });
});

describe("a source of keys nobody knows", () => {
  it("is refused", () => {
    assert.throws(() => findKeyStreamSource("rot13"), RangeError);
    assert.equal(findKeyStreamSource("weyl").id, "weyl");
  });
});
