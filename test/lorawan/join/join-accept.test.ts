import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { appendMic } from "../../../src/lorawan/frame-mic.ts";
import { parseHex } from "../../../src/lorawan/hex.ts";
import { parseDevAddr, parseNetId } from "../../../src/lorawan/identifiers.ts";
import { decodeDlSettings, encodeDlSettings } from "../../../src/lorawan/join/dl-settings.ts";
import {
  decodeJoinAccept,
  encodeJoinAccept,
  type JoinAccept,
} from "../../../src/lorawan/join/join-accept.ts";
import { bytes, joinAccept } from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

const ACCEPT: JoinAccept = {
  joinNonce: 1,
  netId: parseNetId("00000a"),
  devAddr: parseDevAddr("14000001"),
  dlSettings: { optNeg: false, rx1DrOffset: 0, rx2DataRate: 0 },
  rxDelay: 1,
};

describe("Join-accept in clear", () => {
  it("round-trips with and without CFList", () => {
    fc.assert(
      fc.property(joinAccept, bytes(4), (fields, mic) => {
        const plaintext = appendMic(encodeJoinAccept(fields), mic);
        assert.equal(plaintext.length, fields.cfList === undefined ? 17 : 33);
        assert.deepEqual(decodeJoinAccept(plaintext), { ...fields, mic });
      }),
    );
  });

  it("refuses values that do not fit", () => {
    const wrong: Partial<JoinAccept>[] = [
      { joinNonce: 2 ** 24 },
      { rxDelay: 16 },
      { rxDelay: -1 },
      { rxDelay: 0.5 },
      { cfList: new Uint8Array(15) },
      { cfList: new Uint8Array(17) },
      { dlSettings: { ...ACCEPT.dlSettings, rx1DrOffset: 8 } },
      { dlSettings: { ...ACCEPT.dlSettings, rx2DataRate: -1 } },
      { dlSettings: { ...ACCEPT.dlSettings, rx2DataRate: 1.5 } },
    ];
    for (const fields of wrong) {
      assert.throws(
        () => encodeJoinAccept({ ...ACCEPT, ...fields }),
        warrenError("value-out-of-range"),
      );
    }
  });

  it("has 17 or 33 bytes and nothing else", () => {
    for (let lengthBytes = 0; lengthBytes < 50; lengthBytes++) {
      const frame = new Uint8Array(lengthBytes).fill(0x20, 0, 1);
      if (lengthBytes === 17 || lengthBytes === 33) {
        decodeJoinAccept(frame);
      } else {
        const code =
          lengthBytes < 17
            ? "frame-too-short"
            : lengthBytes > 33
              ? "frame-too-long"
              : "frame-malformed";
        assert.throws(() => decodeJoinAccept(frame), warrenError(code), `${lengthBytes} bytes`);
      }
    }
  });

  it("ignores the RFU bits of RxDelay", () => {
    const frame = parseHex(`20${"00".repeat(11)}f5${"00".repeat(4)}`);
    assert.equal(decodeJoinAccept(frame).rxDelay, 5);
  });

  it("refuses another message type", () => {
    assert.throws(() => decodeJoinAccept(new Uint8Array(17)), warrenError("frame-malformed"));
  });
});

describe("DLSettings", () => {
  it("round-trips every octet", () => {
    for (let octet = 0; octet < 0x100; octet++) {
      assert.equal(encodeDlSettings(decodeDlSettings(octet)), octet);
    }
    assert.deepEqual(decodeDlSettings(0xb4), { optNeg: true, rx1DrOffset: 3, rx2DataRate: 4 });
  });
});
