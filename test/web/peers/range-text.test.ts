import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatJoinEuiRange, parseJoinEuiRange } from "../../../src/join-server/join-eui-range.ts";
import {
  formatRange,
  lastOf,
  parseRange,
  sizeOf,
} from "../../../web/src/pages/peers/ranges/range-text.ts";

describe("a JoinEUI range in the console", () => {
  it("is read as the server reads it", () => {
    const eui = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(eui, fc.integer({ min: 0, max: 64 }), (first, bits) => {
        const text = `${first.toString(16).padStart(16, "0").toUpperCase()}/${bits}`;
        const range = parseRange(text);
        assert.ok(range !== undefined);
        assert.equal(formatRange(range), formatJoinEuiRange(parseJoinEuiRange(text)));
      }),
    );
  });

  it("is none when it is malformed", () => {
    for (const text of [
      "",
      "70b3d57ed0000000",
      "70b3d57ed0000000/65",
      "70b3d57ed000000/40",
      "zz/1",
    ]) {
      assert.equal(parseRange(text), undefined, text);
    }
  });

  it("reaches to the last JoinEUI with the same prefix", () => {
    assert.equal(lastOf({ first: "70b3d57ed0000000", prefixLengthBits: 40 }), "70b3d57ed0ffffff");
    assert.equal(lastOf({ first: "0102030405060708", prefixLengthBits: 64 }), "0102030405060708");
    assert.equal(lastOf({ first: "0000000000000000", prefixLengthBits: 0 }), "ffffffffffffffff");
  });

  it("says how many JoinEUIs it has", () => {
    assert.equal(sizeOf({ first: "", prefixLengthBits: 64 }), "1");
    assert.equal(sizeOf({ first: "", prefixLengthBits: 40 }), "16,777,216");
    assert.equal(sizeOf({ first: "", prefixLengthBits: 0 }), "2^64");
  });
});
