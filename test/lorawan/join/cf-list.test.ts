import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { type CfList, decodeCfList, encodeCfList } from "../../../src/lorawan/join/cf-list.ts";
import { bytes, record, uint16, uint24 } from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

const frequencies = record({
  type: fc.constant(0 as const),
  frequenciesHz: fc.array(
    uint24.map((steps) => steps * 100),
    { minLength: 5, maxLength: 5 },
  ),
});
const masks = record({
  type: fc.constant(1 as const),
  channelMasks: fc.array(uint16, { minLength: 6, maxLength: 6 }),
});
const unknown = record({ type: fc.integer({ min: 2, max: 255 }), raw: bytes(15) });

describe("CFList", () => {
  it("round-trips frequencies, channel masks and unknown types", () => {
    fc.assert(
      fc.property(fc.oneof<fc.Arbitrary<CfList>[]>(frequencies, masks, unknown), (cfList) => {
        const encoded = encodeCfList(cfList);
        assert.equal(encoded.length, 16);
        assert.deepEqual(decodeCfList(encoded), cfList);
      }),
    );
  });

  it("encodes the usual EU868 channels as other servers do", () => {
    const frequenciesHz = [867100000, 867300000, 867500000, 867700000, 867900000];
    const encoded = "184f84e85684b85e84886684586e8400";
    assert.equal(formatHex(encodeCfList({ type: 0, frequenciesHz })), encoded);
    assert.deepEqual(decodeCfList(parseHex(encoded)), { type: 0, frequenciesHz });
  });

  it("fills unused places with zeros", () => {
    const encoded = encodeCfList({ type: 0, frequenciesHz: [868800000] });
    assert.equal(formatHex(encoded), `809184${"00".repeat(13)}`);
    const channelMasks = [0xff00, 0, 0, 0, 0x0002];
    assert.equal(
      formatHex(encodeCfList({ type: 1, channelMasks })),
      `00ff0000000000000200${"00".repeat(5)}01`,
    );
  });

  it("ignores the RFU octets after channel masks", () => {
    const encoded = parseHex(`${"00".repeat(12)}aabbcc01`);
    assert.deepEqual(decodeCfList(encoded), { type: 1, channelMasks: [0, 0, 0, 0, 0, 0] });
  });

  it("refuses what does not fit", () => {
    const wrong: CfList[] = [
      { type: 0, frequenciesHz: [1, 2, 3, 4, 5, 6].map((n) => n * 1e8) },
      { type: 0, frequenciesHz: [868100050] },
      { type: 0, frequenciesHz: [2 ** 24 * 100] },
      { type: 1, channelMasks: [0, 0, 0, 0, 0, 0, 0] },
      { type: 1, channelMasks: [0x10000] },
      { type: 0, raw: new Uint8Array(15) },
      { type: 1, raw: new Uint8Array(15) },
      { type: 2, raw: new Uint8Array(16) },
      { type: 256, raw: new Uint8Array(15) },
    ];
    for (const cfList of wrong) {
      assert.throws(() => encodeCfList(cfList), warrenError("value-out-of-range"));
    }
    assert.throws(() => decodeCfList(new Uint8Array(15)), warrenError("frame-too-short"));
    assert.throws(() => decodeCfList(new Uint8Array(17)), warrenError("frame-too-long"));
  });
});
