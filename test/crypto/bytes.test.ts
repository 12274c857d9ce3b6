import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { xorBytes } from "../../src/crypto/bytes/xor.ts";
import { equalBytes } from "../../src/crypto/constant-time.ts";
import { systemRandomBytes } from "../../src/crypto/random.ts";

describe("equalBytes", () => {
  it("is true for equal bytes alone", () => {
    assert.ok(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
    assert.ok(equalBytes(new Uint8Array(0), new Uint8Array(0)));
    assert.ok(!equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
    assert.ok(!equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1)));
  });
});

describe("systemRandomBytes", () => {
  it("gives as many bytes as asked for, never the same", () => {
    assert.equal(systemRandomBytes(0).length, 0);
    assert.equal(systemRandomBytes(3).length, 3);
    assert.notDeepEqual(systemRandomBytes(16), systemRandomBytes(16));
  });
});

describe("xorBytes", () => {
  it("adds bit by bit and leaves its inputs alone", () => {
    const a = Uint8Array.of(0b1100, 0xff);
    assert.deepEqual(xorBytes(a, Uint8Array.of(0b1010, 0xff, 9)), Uint8Array.of(0b0110, 0));
    assert.deepEqual(a, Uint8Array.of(0b1100, 0xff));
  });
});
