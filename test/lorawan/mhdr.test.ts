import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeMhdr, encodeMhdr, expectMType, MType } from "../../src/lorawan/mhdr.ts";
import { warrenError } from "../support/warren-error.ts";

describe("MHDR", () => {
  it("round-trips every message type", () => {
    for (const mType of Object.values(MType)) {
      assert.equal(decodeMhdr(encodeMhdr(mType)), mType);
    }
    assert.equal(encodeMhdr(MType.JoinAccept), 0x20);
    assert.equal(encodeMhdr(MType.RejoinRequest), 0xc0);
  });

  it("ignores RFU bits and refuses an unknown Major, except in proprietary frames", () => {
    for (let octet = 0; octet < 0x100; octet++) {
      const mType = octet >> 5;
      if (mType !== MType.Proprietary && (octet & 0b11) !== 0) {
        assert.throws(() => decodeMhdr(octet), warrenError("frame-malformed"));
      } else {
        assert.equal(decodeMhdr(octet), mType);
      }
    }
  });

  it("refuses a message type that the decoder is not for", () => {
    expectMType(0x20, MType.JoinAccept);
    assert.throws(() => expectMType(0x20, MType.JoinRequest), warrenError("frame-malformed"));
  });
});
