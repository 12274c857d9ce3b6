import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { appendMic, computeMic, equalMics, splitMic } from "../../src/lorawan/frame-mic.ts";
import { bytes, key } from "../support/lorawan-arbitraries.ts";
import { warrenError } from "../support/warren-error.ts";

describe("the MIC of a frame", () => {
  it("is cut off as it was appended", () => {
    fc.assert(
      fc.property(bytes(1, 60), bytes(4), (message, mic) => {
        assert.deepEqual(splitMic(appendMic(message, mic)), { message, mic });
      }),
    );
  });

  it("needs something to protect", () => {
    assert.throws(() => splitMic(new Uint8Array(4)), warrenError("frame-too-short"));
    assert.throws(() => splitMic(new Uint8Array(0)), warrenError("frame-too-short"));
  });

  it("covers the parts as if they were one message", () => {
    fc.assert(
      fc.property(key, bytes(0, 40), bytes(0, 40), (aesKey, first, second) => {
        const whole = computeMic(aesKey, new Uint8Array([...first, ...second]));
        assert.deepEqual(computeMic(aesKey, first, second), whole);
        assert.equal(whole.length, 4);
      }),
    );
  });

  it("compares by value and length", () => {
    assert.ok(equalMics(new Uint8Array([1, 2, 3, 4]), new Uint8Array([1, 2, 3, 4])));
    assert.ok(!equalMics(new Uint8Array([1, 2, 3, 4]), new Uint8Array([1, 2, 3, 5])));
    assert.ok(!equalMics(new Uint8Array([1, 2, 3]), new Uint8Array([1, 2, 3, 4])));
  });
});
