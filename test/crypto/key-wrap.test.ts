import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { importKek, unwrapKey, wrapKey } from "../../src/crypto/key-wrap.ts";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { vectorsOf } from "../support/lorawan-vectors.ts";

const kekBytes = fc
  .constantFrom(16, 24, 32)
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
const keyBytes = fc
  .integer({ min: 2, max: 6 })
  .chain((words) => fc.uint8Array({ minLength: 8 * words, maxLength: 8 * words }));

/** Runs and gives the error as a caller sees it: code, text and everything attached. */
function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof WarrenError);
    return `${error.code} ${error.message} ${error.cause}`;
  }
  return assert.fail("nothing was thrown");
}

describe("AES key wrap", () => {
  const cases = [
    ...vectorsOf("aes-kw").map(({ name, inputs, outputs }) => ({
      name,
      kek: inputs["kek"] as string,
      key: inputs["plaintext"] as string,
      wrapped: outputs["wrapped"] as string,
    })),
    ...vectorsOf("key-envelope").map(({ name, inputs, outputs }) => ({
      name,
      kek: inputs["kek"] as string,
      key: inputs["key"] as string,
      wrapped: outputs["aes_key"] as string,
    })),
  ];
  for (const { name, kek, key, wrapped } of cases) {
    it(`wraps and unwraps ${name}`, () => {
      const kekObject = importKek(parseHex(kek));
      assert.equal(formatHex(wrapKey(kekObject, parseHex(key))), wrapped);
      assert.equal(formatHex(unwrapKey(kekObject, parseHex(wrapped))), key);
    });
  }

  it("unwraps what it wrapped, under a KEK of any size", () => {
    fc.assert(
      fc.property(kekBytes, keyBytes, (kek, key) => {
        const kekObject = importKek(kek);
        const wrapped = wrapKey(kekObject, key);
        assert.equal(wrapped.length, key.length + 8);
        assert.deepEqual(unwrapKey(kekObject, wrapped), key);
      }),
    );
  });

  const same = "key-unwrap-failed the wrapped key does not open under this KEK undefined";

  it("notices every changed bit, and says no more than that", () => {
    fc.assert(
      fc.property(kekBytes, keyBytes, fc.nat(), (kek, key, at) => {
        const kekObject = importKek(kek);
        const wrapped = wrapKey(kekObject, key);
        const bit = at % (8 * wrapped.length);
        wrapped[bit >> 3] = (wrapped[bit >> 3] as number) ^ (1 << (bit & 7));
        assert.equal(
          failure(() => unwrapKey(kekObject, wrapped)),
          same,
        );
      }),
    );
  });

  it("does not tell a wrong KEK or a wrong length from changed bytes", () => {
    const kek = importKek(new Uint8Array(16));
    const wrapped = wrapKey(kek, new Uint8Array(16));
    assert.equal(
      failure(() => unwrapKey(importKek(new Uint8Array(32)), wrapped)),
      same,
    );
    for (const length of [0, 1, 8, 16, 23, 25, 32]) {
      assert.equal(
        failure(() => unwrapKey(kek, new Uint8Array(length))),
        same,
      );
    }
  });

  it("refuses KEKs and keys of another size", () => {
    const kek = importKek(new Uint8Array(16));
    assert.match(
      failure(() => importKek(new Uint8Array(20))),
      /^key-malformed/,
    );
    for (const length of [0, 8, 17]) {
      assert.match(
        failure(() => wrapKey(kek, new Uint8Array(length))),
        /^value-out-of-range/,
      );
    }
  });
});
