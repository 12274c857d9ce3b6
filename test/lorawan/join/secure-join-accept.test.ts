import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { appendMic } from "../../../src/lorawan/frame-mic.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { encodeJoinAccept, type JoinAccept } from "../../../src/lorawan/join/join-accept.ts";
import {
  computeJoinAcceptMic,
  type JoinAcceptMic11,
  JoinReqType,
} from "../../../src/lorawan/join/join-accept-mic.ts";
import {
  buildJoinAccept,
  decryptJoinAccept,
  encryptJoinAccept,
  openJoinAccept,
} from "../../../src/lorawan/join/secure-join-accept.ts";
import { bytes, eui64, joinAccept, key, uint16 } from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

const mic11 = fc.record({
  jsIntKey: key,
  joinReqType: fc.constantFrom(...Object.values(JoinReqType)),
  joinEui: eui64,
  devNonce: uint16,
});

function withOptNeg(accept: JoinAccept, optNeg: boolean): JoinAccept {
  return { ...accept, dlSettings: { ...accept.dlSettings, optNeg } };
}

describe("Join-accept on air", () => {
  it("of 1.0 opens on a 1.0.x device and on a 1.1 device", () => {
    fc.assert(
      fc.property(joinAccept, key, mic11, (fields, rootKey, context) => {
        const accept = withOptNeg(fields, false);
        const phyPayload = buildJoinAccept({
          joinAccept: accept,
          mic: { scheme: "1.0", key: rootKey },
          encryptionKey: rootKey,
        });
        const device = { phyPayload, encryptionKey: rootKey, rootKey };
        const { mic: _, ...opened } = openJoinAccept(device);
        assert.deepEqual(opened, accept);
        assert.deepEqual(openJoinAccept({ ...device, mic11: context }).devAddr, accept.devAddr);
      }),
    );
  });

  it("of 1.1 opens only with the request that it answers", () => {
    fc.assert(
      fc.property(
        joinAccept,
        fc.tuple(key, key),
        mic11,
        (fields, [rootKey, encryptionKey], ctx) => {
          const accept = withOptNeg(fields, true);
          const phyPayload = buildJoinAccept({
            joinAccept: accept,
            mic: { scheme: "1.1", ...ctx },
            encryptionKey,
          });
          const device = { phyPayload, encryptionKey, rootKey };
          const { mic: _, ...opened } = openJoinAccept({ ...device, mic11: ctx });
          assert.deepEqual(opened, accept);

          const otherContexts: Omit<JoinAcceptMic11, "scheme">[] = [
            { ...ctx, devNonce: ctx.devNonce ^ 1 },
            { ...ctx, joinReqType: ctx.joinReqType === 0xff ? 0x00 : 0xff },
            { ...ctx, joinEui: parseEui64(ctx.joinEui.replaceAll(/./g, flipDigit)) },
            { ...ctx, jsIntKey: rootKey },
          ];
          for (const other of otherContexts) {
            assert.throws(
              () => openJoinAccept({ ...device, mic11: other }),
              warrenError("mic-mismatch"),
            );
          }
          assert.throws(() => openJoinAccept(device), warrenError("mic-mismatch"));
        },
      ),
    );
  });

  it("keeps the 1.0 rule on a 1.0.x device, for which OptNeg is an RFU bit", () => {
    fc.assert(
      fc.property(joinAccept, key, (fields, rootKey) => {
        const accept = withOptNeg(fields, true);
        const message = encodeJoinAccept(accept);
        const mic = computeJoinAcceptMic(message, { scheme: "1.0", key: rootKey });
        const phyPayload = encryptJoinAccept(appendMic(message, mic), rootKey);
        const opened = openJoinAccept({ phyPayload, encryptionKey: rootKey, rootKey });
        assert.deepEqual(opened, { ...accept, mic });
      }),
    );
  });

  it("is not built when OptNeg and the MIC contradict each other", () => {
    fc.assert(
      fc.property(joinAccept, key, mic11, (fields, rootKey, context) => {
        const mic = fields.dlSettings.optNeg
          ? ({ scheme: "1.0", key: rootKey } as const)
          : ({ scheme: "1.1", ...context } as const);
        assert.throws(
          () => buildJoinAccept({ joinAccept: fields, mic, encryptionKey: rootKey }),
          warrenError("version-contradiction"),
        );
      }),
    );
  });

  it("decrypts as it was encrypted, and hides everything but the MHDR", () => {
    fc.assert(
      fc.property(fc.oneof(bytes(16), bytes(32)), key, (body, encryptionKey) => {
        const plaintext = new Uint8Array([0x20, ...body]);
        const encrypted = encryptJoinAccept(plaintext, encryptionKey);
        assert.equal(encrypted.length, plaintext.length);
        assert.equal(encrypted[0], 0x20);
        assert.notDeepEqual(encrypted, plaintext);
        assert.deepEqual(decryptJoinAccept(encrypted, encryptionKey), plaintext);
      }),
    );
  });

  it("refuses every other length and message type before any decryption", () => {
    const [encryptionKey] = fc.sample(key, 1);
    const cases = [
      [0, "frame-too-short"],
      [16, "frame-too-short"],
      [18, "frame-malformed"],
      [32, "frame-malformed"],
      [34, "frame-too-long"],
    ] as const;
    for (const [lengthBytes, code] of cases) {
      const frame = new Uint8Array(lengthBytes).fill(0x20, 0, 1);
      assert.throws(() => decryptJoinAccept(frame, encryptionKey!), warrenError(code));
    }
    assert.throws(
      () => decryptJoinAccept(new Uint8Array(17), encryptionKey!),
      warrenError("frame-malformed"),
    );
  });
});

function flipDigit(digit: string): string {
  return (Number.parseInt(digit, 16) ^ 1).toString(16);
}
