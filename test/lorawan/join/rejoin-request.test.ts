import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  decodeRejoinRequest,
  encodeRejoinRequest,
  verifyRejoinRequestMic,
} from "../../../src/lorawan/join/rejoin-request.ts";
import { key, rejoinRequest } from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

describe("Rejoin-request", () => {
  it("round-trips all three types, and only its own key verifies it", () => {
    fc.assert(
      fc.property(rejoinRequest, key, key, (fields, micKey, otherKey) => {
        fc.pre(!micKey.equals(otherKey));
        const phyPayload = encodeRejoinRequest(fields, micKey);
        assert.equal(phyPayload.length, fields.rejoinType === 1 ? 24 : 19);
        const { mic, ...decoded } = decodeRejoinRequest(phyPayload);
        assert.deepEqual(decoded, fields);
        assert.deepEqual(mic, phyPayload.slice(-4));
        assert.ok(verifyRejoinRequestMic(phyPayload, micKey));
        assert.ok(!verifyRejoinRequestMic(phyPayload, otherKey));
      }),
    );
  });

  it("refuses unknown types and the length of another type", () => {
    const frame = (rejoinType: number, lengthBytes: number) =>
      new Uint8Array(lengthBytes).fill(0xc0, 0, 1).fill(rejoinType, 1, 2);
    assert.throws(() => decodeRejoinRequest(frame(3, 19)), warrenError("frame-malformed"));
    assert.throws(() => decodeRejoinRequest(frame(0xff, 19)), warrenError("frame-malformed"));
    assert.throws(() => decodeRejoinRequest(frame(1, 19)), warrenError("frame-too-short"));
    assert.throws(() => decodeRejoinRequest(frame(0, 24)), warrenError("frame-too-long"));
    assert.throws(() => decodeRejoinRequest(new Uint8Array(19)), warrenError("frame-malformed"));
  });

  it("refuses a counter of more than 16 bits", () => {
    const [micKey] = fc.sample(key, 1);
    const [fields] = fc.sample(rejoinRequest, 1);
    const wrong = fields!.rejoinType === 1 ? { rjCount1: 65536 } : { rjCount0: 65536 };
    assert.throws(
      () => encodeRejoinRequest({ ...fields!, ...wrong }, micKey!),
      warrenError("value-out-of-range"),
    );
  });
});
