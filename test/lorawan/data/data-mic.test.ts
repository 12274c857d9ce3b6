import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { encodeDataFrame } from "../../../src/lorawan/data/data-frame.ts";
import {
  computeDataMic10,
  computeDownlinkMic11,
  computeUplinkMic11,
  verifyDataMic10,
  verifyDownlinkMic11,
  verifyUplinkMic11,
} from "../../../src/lorawan/data/data-mic.ts";
import {
  dataFields,
  downlinkDataFields,
  key,
  uint8,
  uint16,
  uint32,
  uplinkDataFields,
} from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

const [nwkSKey] = fc.sample(key, 1);

describe("the MIC of a data frame", () => {
  it("of 1.0 depends on the upper half of the counter as well", () => {
    fc.assert(
      fc.property(dataFields, key, uint32, (fields, micKey, fCnt32) => {
        const direction = fields.isUplink ? "up" : "down";
        const phyPayload = encodeDataFrame(fields, (phyPayloadWithoutMic) =>
          computeDataMic10({ phyPayloadWithoutMic, direction, fCnt32, nwkSKey: micKey }),
        );
        const input = { phyPayload, nwkSKey: micKey };
        assert.ok(verifyDataMic10({ ...input, fCnt32 }));
        assert.ok(!verifyDataMic10({ ...input, fCnt32: (fCnt32 ^ 0x10000) >>> 0 }));
      }),
    );
  });

  it("of 1.1 uplinks covers data rate, channel and, with ACK, ConfFCnt", () => {
    const context = fc.record({
      fCntUp: uint32,
      confFCnt: uint16,
      txDr: uint8,
      txCh: uint8,
      fNwkSIntKey: key,
      sNwkSIntKey: key,
    });
    fc.assert(
      fc.property(uplinkDataFields, context, (fields, input) => {
        const phyPayload = encodeDataFrame(fields, (phyPayloadWithoutMic) =>
          computeUplinkMic11({ ...input, phyPayloadWithoutMic }),
        );
        const verify = (other: Partial<typeof input>) =>
          verifyUplinkMic11({ ...input, ...other, phyPayload });
        assert.ok(verify({}));
        assert.ok(verify({ confFCnt: input.confFCnt + 0x10000 }));
        // A wrong half MIC is right by accident once in 65536 frames, hence the seed.
        assert.equal(verify({ confFCnt: input.confFCnt ^ 1 }), !fields.fCtrl.ack);
      }),
      { seed: 11 },
    );
  });

  it("of 1.1 uplinks has one half for each key", () => {
    const keys = fc.tuple(key, key, key);
    fc.assert(
      fc.property(uplinkDataFields, keys, (fields, [fNwkSIntKey, sNwkSIntKey, otherKey]) => {
        const message = encodeDataFrame(fields, () => new Uint8Array(4)).subarray(0, -4);
        const mic = (f = fNwkSIntKey, s = sNwkSIntKey, txCh = 3) =>
          computeUplinkMic11({
            phyPayloadWithoutMic: message,
            fCntUp: fields.fCnt,
            confFCnt: 0,
            txDr: 5,
            txCh,
            fNwkSIntKey: f,
            sNwkSIntKey: s,
          });
        assert.deepEqual(mic().slice(0, 2), mic(otherKey).slice(0, 2));
        assert.deepEqual(mic().slice(2), mic(fNwkSIntKey, otherKey).slice(2));
        assert.deepEqual(mic().slice(2), mic(fNwkSIntKey, sNwkSIntKey, 4).slice(2));
        const mic10 = computeDataMic10({
          phyPayloadWithoutMic: message,
          direction: "up",
          fCnt32: fields.fCnt,
          nwkSKey: fNwkSIntKey,
        });
        assert.deepEqual(mic().slice(2), mic10.slice(0, 2));
      }),
    );
  });

  it("of 1.1 downlinks is that of 1.0 under SNwkSIntKey, but for ConfFCnt", () => {
    fc.assert(
      fc.property(downlinkDataFields, key, uint32, uint32, (fields, sNwkSIntKey, fCnt, conf) => {
        const phyPayload = encodeDataFrame(fields, (phyPayloadWithoutMic) =>
          computeDownlinkMic11({
            phyPayloadWithoutMic,
            sNwkSIntKey,
            fCntDown: fCnt,
            confFCnt: conf,
          }),
        );
        const input = { phyPayload, sNwkSIntKey, fCntDown: fCnt };
        assert.ok(verifyDownlinkMic11({ ...input, confFCnt: conf }));
        const isAckOfOther = verifyDownlinkMic11({ ...input, confFCnt: (conf ^ 1) >>> 0 });
        assert.equal(isAckOfOther, !fields.fCtrl.ack);
        const isMic10 = verifyDataMic10({ phyPayload, nwkSKey: sNwkSIntKey, fCnt32: fCnt });
        assert.equal(isMic10, !fields.fCtrl.ack || conf % 0x10000 === 0);
      }),
    );
  });

  it("refuses messages that are no data frames, too short or too long", () => {
    const verify = (phyPayload: Uint8Array) =>
      verifyDataMic10({ phyPayload, nwkSKey: nwkSKey!, fCnt32: 0 });
    const frame = (mhdr: number, lengthBytes: number) =>
      new Uint8Array(lengthBytes).fill(mhdr, 0, 1);
    assert.throws(() => verify(frame(0x00, 23)), warrenError("frame-malformed"));
    assert.throws(() => verify(frame(0xe0, 23)), warrenError("frame-malformed"));
    assert.throws(() => verify(frame(0x40, 4)), warrenError("frame-too-short"));
    assert.throws(() => verify(frame(0x40, 11)), warrenError("frame-too-short"));
    assert.throws(() => verify(frame(0x40, 260)), warrenError("frame-too-long"));
  });

  it("refuses counters and indices that do not fit", () => {
    const phyPayloadWithoutMic = new Uint8Array(8).fill(0x40, 0, 1).fill(0x20, 5, 6);
    const uplink = {
      phyPayloadWithoutMic,
      fCntUp: 0,
      confFCnt: 0,
      txDr: 0,
      txCh: 0,
      fNwkSIntKey: nwkSKey!,
      sNwkSIntKey: nwkSKey!,
    };
    const wrong = [{ fCntUp: 2 ** 32 }, { confFCnt: -1 }, { txDr: 256 }, { txCh: 1.5 }];
    for (const fields of wrong) {
      assert.throws(
        () => computeUplinkMic11({ ...uplink, ...fields }),
        warrenError("value-out-of-range"),
      );
    }
  });
});
