import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  decodeJoinRequest,
  encodeJoinRequest,
  verifyJoinRequestMic,
} from "../../../src/lorawan/join/join-request.ts";
import { joinRequest, key } from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

describe("Join-request", () => {
  it("round-trips, and only its own key verifies it", () => {
    fc.assert(
      fc.property(joinRequest, key, key, (fields, rootKey, otherKey) => {
        fc.pre(!rootKey.equals(otherKey));
        const phyPayload = encodeJoinRequest(fields, rootKey);
        assert.equal(phyPayload.length, 23);
        const { mic, ...decoded } = decodeJoinRequest(phyPayload);
        assert.deepEqual(decoded, fields);
        assert.deepEqual(mic, phyPayload.slice(19));
        assert.ok(verifyJoinRequestMic(phyPayload, rootKey));
        assert.ok(!verifyJoinRequestMic(phyPayload, otherKey));
      }),
    );
  });

  it("fails its MIC after any bit flip", () => {
    const bit = fc.integer({ min: 0, max: 23 * 8 - 1 });
    fc.assert(
      fc.property(joinRequest, key, bit, (fields, rootKey, index) => {
        const phyPayload = encodeJoinRequest(fields, rootKey);
        phyPayload[index >> 3] = (phyPayload[index >> 3] as number) ^ (1 << (index & 7));
        assert.ok(!verifyJoinRequestMic(phyPayload, rootKey));
      }),
    );
  });

  it("refuses a DevNonce of more than 16 bits", () => {
    const [fields] = fc.sample(joinRequest, 1);
    const [rootKey] = fc.sample(key, 1);
    assert.throws(
      () => encodeJoinRequest({ ...fields!, devNonce: 0x10000 }, rootKey!),
      warrenError("value-out-of-range"),
    );
  });

  it("refuses frames of another type and frames too short for a MIC", () => {
    const [rootKey] = fc.sample(key, 1);
    const joinAccept = new Uint8Array(23).fill(0x20, 0, 1);
    assert.throws(() => decodeJoinRequest(joinAccept), warrenError("frame-malformed"));
    assert.throws(
      () => verifyJoinRequestMic(new Uint8Array(4), rootKey!),
      warrenError("frame-too-short"),
    );
  });
});
