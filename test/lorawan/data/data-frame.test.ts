import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type DataFrameFields,
  decodeDataFrame,
  encodeDataFrame,
} from "../../../src/lorawan/data/data-frame.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { parseDevAddr } from "../../../src/lorawan/identifiers.ts";
import { MType } from "../../../src/lorawan/mhdr.ts";
import { bytes, dataFields } from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

const NO_BYTES = new Uint8Array(0);
const UPLINK: DataFrameFields = {
  isUplink: true,
  isConfirmed: false,
  devAddr: parseDevAddr("01020304"),
  fCtrl: { adr: false, adrAckReq: false, ack: false, classB: false },
  fCnt: 1,
  fOpts: NO_BYTES,
  frmPayload: NO_BYTES,
};
const zeroMic = () => new Uint8Array(4);

describe("data frames", () => {
  it("round-trip in both directions", () => {
    fc.assert(
      fc.property(dataFields, bytes(4), (fields, mic) => {
        const phyPayload = encodeDataFrame(fields, (message) => {
          assert.ok(message.length <= 251);
          return mic;
        });
        const { mType, ...decoded } = decodeDataFrame(phyPayload);
        assert.deepEqual(decoded, { ...fields, mic });
        assert.equal(mType, (phyPayload[0] as number) >> 5);
      }),
    );
  });

  it("have every bit of FCtrl in its place", () => {
    const uplink = decodeDataFrame(parseHex("40040302015001000000000000"));
    assert.deepEqual(uplink.fCtrl, { adr: false, adrAckReq: true, ack: false, classB: true });
    const downlink = decodeDataFrame(parseHex("a0040302017001000000000000"));
    assert.deepEqual(downlink.fCtrl, { adr: false, ack: true, fPending: true });
    assert.equal(downlink.mType, MType.ConfirmedDataDown);
  });

  it("may be empty, and may carry a port without payload", () => {
    const empty = encodeDataFrame(UPLINK, zeroMic);
    assert.equal(formatHex(empty), "400403020100010000000000");
    assert.ok(!("fPort" in decodeDataFrame(empty)));
    const withPort = decodeDataFrame(parseHex("40040302010001000100000000"));
    assert.equal(withPort.fPort, 1);
    assert.equal(withPort.frmPayload.length, 0);
  });

  it("refuse fields that do not fit or exclude each other", () => {
    const payload = new Uint8Array(1);
    const wrong = [
      [{ fOpts: new Uint8Array(16) }, "value-out-of-range"],
      [{ fCnt: 0x10000 }, "value-out-of-range"],
      [{ fPort: 256 }, "value-out-of-range"],
      [{ frmPayload: payload }, "frame-malformed"],
      [{ fOpts: payload, fPort: 0 }, "frame-malformed"],
      [{ fPort: 1, frmPayload: new Uint8Array(243) }, "frame-too-long"],
    ] as const;
    for (const [fields, code] of wrong) {
      assert.throws(() => encodeDataFrame({ ...UPLINK, ...fields }, zeroMic), warrenError(code));
    }
    const longest = { ...UPLINK, fPort: 1, frmPayload: new Uint8Array(242) };
    assert.equal(encodeDataFrame(longest, zeroMic).length, 255);
  });

  it("are refused when cut, too long, of another type or with MAC commands in two places", () => {
    const cases = [
      ["", "frame-too-short"],
      ["4004030201000100000000", "frame-too-short"],
      ["400403020101010000000000", "frame-too-short"],
      ["000403020100010000000000", "frame-malformed"],
      ["e00403020100010000000000", "frame-malformed"],
      ["410403020100010000000000", "frame-malformed"],
      ["40040302010101000200aa00000000", "frame-malformed"],
      [`400403020100010001${"00".repeat(247)}`, "frame-too-long"],
    ] as const;
    for (const [hex, code] of cases) {
      assert.throws(() => decodeDataFrame(parseHex(hex)), warrenError(code), hex);
    }
  });
});
