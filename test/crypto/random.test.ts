import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemRandomBytes } from "../../src/crypto/random.ts";
import { formatHex } from "../../src/lorawan/hex.ts";

describe("random bytes of the system", () => {
  test("are as many as were asked for", () => {
    for (const lengthBytes of [0, 1, 12, 16, 63, 64, 65, 1_000, 4_096, 10_000]) {
      assert.equal(systemRandomBytes(lengthBytes).length, lengthBytes);
    }
  });

  test("are never handed out twice, nor the zeros that take their place", () => {
    const drawn: string[] = [];
    // Lengths that fit into what is drawn at a time in no whole number.
    for (let index = 0; index < 5_000; index++)
      drawn.push(formatHex(systemRandomBytes(16 + (index % 49))));
    const starts = new Set(drawn.map((hex) => hex.slice(0, 32)));
    assert.equal(starts.size, drawn.length);
    assert.ok(!drawn.some((hex) => hex.includes("00".repeat(12))));
  });

  test("stay as they are in the hands of who has asked", () => {
    const first = systemRandomBytes(16);
    const asDrawn = formatHex(first);
    for (let index = 0; index < 1_000; index++) systemRandomBytes(16).fill(0xff);
    assert.equal(formatHex(first), asDrawn);
    assert.ok(!formatHex(systemRandomBytes(64)).includes("ff".repeat(12)));
  });
});
