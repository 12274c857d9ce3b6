import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { reconstruct32BitCounter } from "../../../src/lorawan/data/frame-counter.ts";
import { uint16, uint32 } from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

describe("the 32-bit frame counter", () => {
  it("is found again for any step of at most 65536", () => {
    const step = fc.integer({ min: 1, max: 0x10000 });
    fc.assert(
      fc.property(uint32, step, (last32, increment) => {
        const next = last32 + increment;
        fc.pre(next <= 0xffffffff);
        assert.equal(reconstruct32BitCounter(last32, next % 0x10000), next);
      }),
    );
  });

  it("starts with the 16 bits of the first frame", () => {
    fc.assert(
      fc.property(uint16, (fCnt16) => {
        assert.equal(reconstruct32BitCounter(undefined, fCnt16), fCnt16);
      }),
    );
  });

  it("takes a repeated or smaller value for the next round", () => {
    assert.equal(reconstruct32BitCounter(5, 5), 0x10005);
    assert.equal(reconstruct32BitCounter(5, 4), 0x10004);
    assert.equal(reconstruct32BitCounter(0x1ffff, 0), 0x20000);
    assert.equal(reconstruct32BitCounter(0xfffffffe, 0xffff), 0xffffffff);
  });

  it("does not wrap within a session", () => {
    assert.throws(
      () => reconstruct32BitCounter(0xffffffff, 0xffff),
      warrenError("value-out-of-range"),
    );
    assert.throws(() => reconstruct32BitCounter(0xffff0005, 4), warrenError("value-out-of-range"));
  });

  it("refuses values that are no counters", () => {
    const wrong: [number | undefined, number][] = [
      [undefined, 0x10000],
      [undefined, -1],
      [0, 1.5],
      [2 ** 32, 0],
      [-1, 0],
      [0.5, 1],
    ];
    for (const [last32, fCnt16] of wrong) {
      assert.throws(
        () => reconstruct32BitCounter(last32, fCnt16),
        warrenError("value-out-of-range"),
      );
    }
  });
});
