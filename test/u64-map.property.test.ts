import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { U64Map } from "../src/u64-map.ts";

/** Few values for each half, so that halves come again with others. */
const key = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map(
    ([high, low]) => `${high.toString(16).padStart(8, "0")}${low.toString(16).padStart(8, "0")}`,
  );

test("a map of 64-bit keys does what a Map does", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat(1_000_000)), { maxLength: 200 }), (entries) => {
      const [map, model] = [new U64Map(), new Map<string, number>()];
      for (const [name, value] of entries) {
        assert.equal(map.putIfAbsent(name, value), model.get(name));
        if (!model.has(name)) model.set(name, value);
      }
      assert.equal(map.size, model.size);
    }),
  );
});

test("a map of 64-bit keys keeps all of them while it grows", () => {
  const map = new U64Map();
  const name = (index: number) =>
    BigInt.asUintN(64, BigInt(index) * 0x9e3779b97f4a7c15n)
      .toString(16)
      .padStart(16, "0");
  for (let index = 0; index < 20_000; index++) map.putIfAbsent(name(index), index);
  for (let index = 0; index < 20_000; index++) assert.equal(map.putIfAbsent(name(index), 0), index);
  assert.equal(map.size, 20_000);
});
