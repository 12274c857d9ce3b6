import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Aes128Key, exportAes128Key } from "../../src/crypto/aes128.ts";
import {
  type DataFrameFields,
  decodeDataFrame,
  encodeDataFrame,
} from "../../src/lorawan/data/data-frame.ts";
import {
  computeDataMic10,
  computeDownlinkMic11,
  computeUplinkMic11,
  verifyDataMic10,
  verifyUplinkMic11,
} from "../../src/lorawan/data/data-mic.ts";
import { cipherFOpts, cipherFrmPayload } from "../../src/lorawan/data/payload-cipher.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import { encodeDlSettings } from "../../src/lorawan/join/dl-settings.ts";
import type { JoinAccept } from "../../src/lorawan/join/join-accept.ts";
import { JoinReqType } from "../../src/lorawan/join/join-accept-mic.ts";
import {
  decodeJoinRequest,
  encodeJoinRequest,
  verifyJoinRequestMic,
} from "../../src/lorawan/join/join-request.ts";
import { encodeRejoinRequest } from "../../src/lorawan/join/rejoin-request.ts";
import { buildJoinAccept, openJoinAccept } from "../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../../src/lorawan/keys/join-server-keys.ts";
import { deriveRelaySessionKeys, deriveRootWorSKey } from "../../src/lorawan/keys/relay-keys.ts";
import { deriveSessionKeys10, deriveSessionKeys11 } from "../../src/lorawan/keys/session-keys.ts";
import { MType } from "../../src/lorawan/mhdr.ts";
import { loraPacket } from "../support/lora-packet.ts";
import {
  dataFields,
  devAddr,
  downlinkDataFields,
  eui64,
  joinAccept,
  joinRequest,
  key,
  netId,
  record,
  rejoinRequest,
  rejoinRequest1,
  rejoinRequest02,
  uint8,
  uint16,
  uint24,
  uint32,
  uplinkDataFields,
} from "../support/lorawan-arbitraries.ts";

// lora-packet keeps identifiers and nonces as bytes with the most significant first.
const text = (hex: string) => Buffer.from(hex, "hex");
const number = (value: number, lengthBytes: number) =>
  text(value.toString(16).padStart(2 * lengthBytes, "0"));
const raw = (aesKey: Aes128Key) => Buffer.from(exportAes128Key(aesKey));
/** The PHYPayload of a packet of theirs; always there once it is built. */
const bytesOf = (packet: { PHYPayload?: Buffer }) => new Uint8Array(packet.PHYPayload!);
const parse = (phyPayload: Uint8Array) => loraPacket.fromWire(Buffer.from(phyPayload));
/** The upper half of the counter, which it wants little-endian. */
function upperHalf(fCnt32: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(fCnt32 >>> 16);
  return bytes;
}
/** Puts the 16-bit counter of `fields` under a random upper half. */
function fullCounter(fields: { readonly fCnt: number }, random32: number): number {
  return random32 - (random32 % 0x10000) + fields.fCnt;
}

describe("joins against lora-packet", () => {
  it("agrees on Join-requests both ways", () => {
    fc.assert(
      fc.property(joinRequest, key, (fields, rootKey) => {
        const ours = encodeJoinRequest(fields, rootKey);
        const packet = parse(ours);
        assert.equal(packet.AppEUI?.toString("hex"), fields.joinEui);
        assert.equal(packet.DevEUI?.toString("hex"), fields.devEui);
        assert.deepEqual(packet.DevNonce, number(fields.devNonce, 2));
        assert.ok(loraPacket.verifyMIC(packet, undefined, raw(rootKey)));

        const theirs = bytesOf(
          loraPacket.fromFields(
            {
              MType: "Join Request",
              AppEUI: text(fields.joinEui),
              DevEUI: text(fields.devEui),
              DevNonce: number(fields.devNonce, 2),
            },
            undefined,
            undefined,
            raw(rootKey),
          ),
        );
        assert.deepEqual(theirs, ours);
        assert.ok(verifyJoinRequestMic(theirs, rootKey));
        const { mic: _, ...decoded } = decodeJoinRequest(theirs);
        assert.deepEqual(decoded, fields);
      }),
    );
  });

  it("agrees on 1.0 Join-accepts both ways", () => {
    fc.assert(
      fc.property(joinAccept, key, (fields, rootKey) => {
        const accept = { ...fields, dlSettings: { ...fields.dlSettings, optNeg: false } };
        const ours = buildJoinAccept({
          joinAccept: accept,
          mic: { scheme: "1.0", key: rootKey },
          encryptionKey: rootKey,
        });
        const packet = parse(loraPacket.decryptJoinAccept(parse(ours), raw(rootKey)));
        expectSameAccept(packet, accept);
        assert.ok(loraPacket.verifyMIC(packet, undefined, raw(rootKey)));

        const theirs = bytesOf(
          loraPacket.fromFields(theirAcceptFields(accept), undefined, undefined, raw(rootKey)),
        );
        assert.deepEqual(theirs, ours);
      }),
    );
  });

  it("agrees on 1.1 Join-accepts both ways", () => {
    fc.assert(
      fc.property(joinAccept, joinRequest, key, (fields, request, nwkKey) => {
        const accept = { ...fields, dlSettings: { ...fields.dlSettings, optNeg: true } };
        const mic11 = {
          jsIntKey: deriveJsIntKey(nwkKey, request.devEui),
          joinReqType: JoinReqType.JoinRequest,
          joinEui: request.joinEui,
          devNonce: request.devNonce,
        };
        const ours = buildJoinAccept({
          joinAccept: accept,
          mic: { scheme: "1.1", ...mic11 },
          encryptionKey: nwkKey,
        });
        const packet = parse(loraPacket.decryptJoinAccept(parse(ours), raw(nwkKey)));
        packet.JoinEUI = text(request.joinEui);
        packet.DevNonce = number(request.devNonce, 2);
        expectSameAccept(packet, accept);
        assert.ok(loraPacket.verifyMIC(packet, raw(mic11.jsIntKey), raw(nwkKey)));

        const theirs = bytesOf(
          loraPacket.fromFields(
            {
              ...theirAcceptFields(accept),
              AppEUI: text(request.joinEui),
              DevNonce: number(request.devNonce, 2),
            },
            undefined,
            raw(mic11.jsIntKey),
            raw(nwkKey),
          ),
        );
        const device = { encryptionKey: nwkKey, rootKey: nwkKey, mic11 };
        const { mic: _, ...opened } = openJoinAccept({ phyPayload: theirs, ...device });
        assert.deepEqual(opened, accept);
      }),
    );
  });

  it("agrees on Rejoin-requests, which it can only read", () => {
    fc.assert(
      fc.property(rejoinRequest, key, (fields, micKey) => {
        const packet = parse(encodeRejoinRequest(fields, micKey));
        assert.equal(packet.DevEUI?.toString("hex"), fields.devEui);
        assert.equal(packet.RejoinType?.[0], fields.rejoinType);
        assert.ok(loraPacket.verifyMIC(packet, raw(micKey), raw(micKey)));
      }),
    );
    fc.assert(
      fc.property(rejoinRequest02, key, (fields, micKey) => {
        const packet = parse(encodeRejoinRequest(fields, micKey));
        assert.equal(packet.NetID?.toString("hex"), fields.netId);
        assert.deepEqual(packet.RJCount0, number(fields.rjCount0, 2));
      }),
    );
  });

  it("knows its bug 1: RJcount1 is read from the middle of DevEUI", () => {
    fc.assert(
      fc.property(rejoinRequest1, key, (fields, micKey) => {
        const packet = parse(encodeRejoinRequest(fields, micKey));
        assert.equal(packet.JoinEUI.toString("hex"), fields.joinEui);
        assert.equal(packet.RJCount1?.toString("hex"), fields.devEui.slice(6, 10));
      }),
    );
  });

  it("agrees on every derived key", () => {
    const input = record({
      nwkKey: key,
      appKey: key,
      joinNonce: uint24,
      joinEui: eui64,
      netId,
      devNonce: uint16,
      devEui: eui64,
      devAddr,
    });
    fc.assert(
      fc.property(input, (fields) => {
        const nonces = [number(fields.joinNonce, 3), number(fields.devNonce, 2)] as const;
        const nwkKey = raw(fields.nwkKey);
        const keys10 = deriveSessionKeys10({ key: fields.nwkKey, ...fields });
        assert.deepEqual(
          { AppSKey: raw(keys10.appSKey), NwkSKey: raw(keys10.fNwkSIntKey) },
          loraPacket.generateSessionKeys10(nwkKey, text(fields.netId), ...nonces),
        );
        const keys11 = deriveSessionKeys11(fields);
        assert.deepEqual(
          {
            AppSKey: raw(keys11.appSKey),
            FNwkSIntKey: raw(keys11.fNwkSIntKey),
            SNwkSIntKey: raw(keys11.sNwkSIntKey),
            NwkSEncKey: raw(keys11.nwkSEncKey),
          },
          loraPacket.generateSessionKeys11(
            raw(fields.appKey),
            nwkKey,
            text(fields.joinEui),
            ...nonces,
          ),
        );
        assert.deepEqual(
          {
            JSIntKey: raw(deriveJsIntKey(fields.nwkKey, fields.devEui)),
            JSEncKey: raw(deriveJsEncKey(fields.nwkKey, fields.devEui)),
          },
          loraPacket.generateJSKeys(nwkKey, text(fields.devEui)),
        );
        const rootWorSKey = deriveRootWorSKey(fields.nwkKey);
        const relayKeys = deriveRelaySessionKeys(rootWorSKey, fields.devAddr);
        assert.deepEqual(raw(rootWorSKey), loraPacket.generateWORKey(nwkKey).RootWorSKey);
        assert.deepEqual(
          { WorSIntKey: raw(relayKeys.worSIntKey), WorSEncKey: raw(relayKeys.worSEncKey) },
          loraPacket.generateWORSessionKeys(raw(rootWorSKey), text(fields.devAddr)),
        );
      }),
    );
  });
});

describe("data frames against lora-packet", () => {
  it("reads our 1.0 frames, verifies and decrypts them", () => {
    fc.assert(
      fc.property(dataFields, key, key, uint32, (fields, nwkSKey, appSKey, random32) => {
        const fCnt32 = fullCounter(fields, random32);
        const phyPayload = sign10(encrypted(fields, { nwkSKey, appSKey, fCnt32 }), nwkSKey, fCnt32);
        const packet = parse(phyPayload);
        expectSameFields(packet, fields);
        const upper = upperHalf(fCnt32);
        assert.ok(loraPacket.verifyMIC(packet, raw(nwkSKey), undefined, upper));
        const clear = loraPacket.decrypt(packet, raw(appSKey), raw(nwkSKey), upper);
        assert.equal(formatHex(clear), formatHex(fields.frmPayload));
      }),
    );
  });

  it("writes 1.0 frames that we read, verify and decrypt", () => {
    const withPort = dataFields.filter(
      ({ fPort, frmPayload }) => fPort !== undefined && frmPayload.length > 0,
    );
    fc.assert(
      fc.property(withPort, key, key, uint32, (fields, nwkSKey, appSKey, random32) => {
        fc.pre(!fields.isUplink || !fields.fCtrl.classB);
        const fCnt32 = fullCounter(fields, random32);
        const theirs = bytesOf(
          loraPacket.fromFields(
            theirDataFields(fields),
            raw(appSKey),
            raw(nwkSKey),
            undefined,
            upperHalf(fCnt32),
          ),
        );
        const { mic: _, mType: __, ...decoded } = decodeDataFrame(theirs);
        assert.deepEqual(decoded, encrypted(fields, { nwkSKey, appSKey, fCnt32 }));
        assert.ok(verifyDataMic10({ phyPayload: theirs, nwkSKey, fCnt32 }));
      }),
    );
  });

  const keys11 = record({ fNwkSIntKey: key, sNwkSIntKey: key });
  const radio = record({ txDr: uint8, txCh: uint8, confFCnt: uint16, random32: uint32 });

  it("verifies our 1.1 uplinks and writes uplinks that we verify", () => {
    const onOtherPorts = uplinkDataFields.filter(({ fPort }) => fPort !== 0);
    fc.assert(
      fc.property(onOtherPorts, keys11, radio, (fields, keys, { random32, ...context }) => {
        const fCntUp = fullCounter(fields, random32);
        const packet = parse(
          encodeDataFrame(fields, (phyPayloadWithoutMic) =>
            computeUplinkMic11({ ...keys, ...context, fCntUp, phyPayloadWithoutMic }),
          ),
        );
        expectSameFields(packet, fields);
        const args = [raw(keys.fNwkSIntKey), raw(keys.sNwkSIntKey), upperHalf(fCntUp)] as const;
        assert.ok(loraPacket.verifyMIC(packet, ...args, confFCntTxDrTxCh(context)));

        loraPacket.recalculateMIC(packet, ...args, confFCntTxDrTxCh(context));
        const input = { ...keys, ...context, fCntUp };
        assert.ok(verifyUplinkMic11({ ...input, phyPayload: bytesOf(packet) }));
      }),
    );
  });

  it("knows its bug 2: on FPort 0 it mixes in ConfFCnt without ACK", () => {
    const onPort0 = uplinkDataFields.filter(({ fPort }) => fPort === 0);
    fc.assert(
      fc.property(onPort0, keys11, radio, (fields, keys, { random32, ...context }) => {
        const fCntUp = fullCounter(fields, random32);
        const packet = parse(
          encodeDataFrame(fields, (phyPayloadWithoutMic) =>
            computeUplinkMic11({ ...keys, ...context, fCntUp, phyPayloadWithoutMic }),
          ),
        );
        const isVerified = loraPacket.verifyMIC(
          packet,
          raw(keys.fNwkSIntKey),
          raw(keys.sNwkSIntKey),
          upperHalf(fCntUp),
          confFCntTxDrTxCh(context),
        );
        // A wrong half MIC is right by accident once in 65536 frames, hence the seed.
        assert.equal(isVerified, fields.fCtrl.ack || context.confFCnt === 0);
      }),
      { seed: 11 },
    );
  });

  it("verifies our 1.1 downlinks, if told ConfFCnt only with ACK", () => {
    fc.assert(
      fc.property(downlinkDataFields, keys11, radio, (fields, keys, { random32, confFCnt }) => {
        const { sNwkSIntKey } = keys;
        const fCntDown = fullCounter(fields, random32);
        const packet = parse(
          encodeDataFrame(fields, (phyPayloadWithoutMic) =>
            computeDownlinkMic11({ phyPayloadWithoutMic, sNwkSIntKey, fCntDown, confFCnt }),
          ),
        );
        expectSameFields(packet, fields);
        const theirConfFCnt = Buffer.alloc(2);
        theirConfFCnt.writeUInt16LE(fields.fCtrl.ack ? confFCnt : 0);
        const args = [raw(keys.fNwkSIntKey), raw(sNwkSIntKey), upperHalf(fCntDown)] as const;
        assert.ok(loraPacket.verifyMIC(packet, ...args, theirConfFCnt));
      }),
    );
  });

  it("agrees on the FOpts cipher of 1.1 in both directions", () => {
    fc.assert(
      fc.property(dataFields, key, uint32, (fields, nwkSEncKey, random32) => {
        const fCnt32 = fullCounter(fields, random32);
        const packet = parse(encodeDataFrame(fields, () => new Uint8Array(4)));
        const ours = cipherFOpts({
          nwkSEncKey,
          direction: fields.isUplink ? "up" : "down",
          devAddr: fields.devAddr,
          fCnt32,
          aFCnt: !fields.isUplink && fields.fPort !== undefined && fields.fPort > 0,
          fOpts: fields.fOpts,
        });
        const theirs = packet.decryptFOpts(raw(nwkSEncKey), undefined, upperHalf(fCnt32));
        assert.equal(formatHex(theirs), formatHex(ours));
      }),
    );
  });
});

type Packet = ReturnType<typeof parse>;

function expectSameAccept(packet: Packet, accept: JoinAccept): void {
  assert.deepEqual(packet.JoinNonce, number(accept.joinNonce, 3));
  assert.equal(packet.NetID?.toString("hex"), accept.netId);
  assert.equal(packet.DevAddr?.toString("hex"), accept.devAddr);
  assert.equal(packet.getDLSettingsOptNeg(), accept.dlSettings.optNeg);
  assert.equal(packet.getDLSettingsRxOneDRoffset(), accept.dlSettings.rx1DrOffset);
  assert.equal(packet.getDLSettingsRxTwoDataRate(), accept.dlSettings.rx2DataRate);
  assert.equal(packet.getRxDelayDel(), accept.rxDelay);
  assert.equal(packet.CFList?.toString("hex"), formatHex(accept.cfList ?? new Uint8Array(0)));
}

function theirAcceptFields(accept: JoinAccept) {
  return {
    MType: "Join Accept",
    AppNonce: number(accept.joinNonce, 3),
    NetID: text(accept.netId),
    DevAddr: text(accept.devAddr),
    DLSettings: encodeDlSettings(accept.dlSettings),
    RxDelay: accept.rxDelay,
    CFList: Buffer.from(accept.cfList ?? []),
  };
}

function expectSameFields(packet: Packet, fields: DataFrameFields): void {
  assert.equal(packet.getDir(), fields.isUplink ? "up" : "down");
  assert.equal(packet.isConfirmed(), fields.isConfirmed);
  assert.equal(packet.DevAddr?.toString("hex"), fields.devAddr);
  assert.equal(packet.getFCnt(), fields.fCnt);
  assert.equal(packet.getFCtrlADR(), fields.fCtrl.adr);
  assert.equal(packet.getFCtrlACK(), fields.fCtrl.ack);
  if (fields.isUplink) {
    assert.equal(packet.getFCtrlADRACKReq(), fields.fCtrl.adrAckReq);
  } else {
    assert.equal(packet.getFCtrlFPending(), fields.fCtrl.fPending);
  }
  assert.equal(packet.getFPort(), fields.fPort ?? null);
  assert.equal(packet.FOpts?.toString("hex"), formatHex(fields.fOpts));
}

function theirDataFields(fields: DataFrameFields) {
  const { adr, ack } = fields.fCtrl;
  const mTypes = fields.isUplink
    ? [MType.UnconfirmedDataUp, MType.ConfirmedDataUp]
    : [MType.UnconfirmedDataDown, MType.ConfirmedDataDown];
  return {
    MType: mTypes[fields.isConfirmed ? 1 : 0] as number,
    DevAddr: text(fields.devAddr),
    FCtrl: {
      ADR: adr,
      ACK: ack,
      ...(fields.isUplink
        ? { ADRACKReq: fields.fCtrl.adrAckReq }
        : { FPending: fields.fCtrl.fPending }),
    },
    FCnt: number(fields.fCnt, 2),
    FOpts: Buffer.from(fields.fOpts),
    FPort: fields.fPort as number,
    payload: Buffer.from(fields.frmPayload),
  };
}

function confFCntTxDrTxCh(context: {
  readonly confFCnt: number;
  readonly txDr: number;
  readonly txCh: number;
}): Buffer {
  // A new buffer for each call, because lora-packet writes into it; big-endian for uplinks.
  return Buffer.concat([number(context.confFCnt, 2), Buffer.from([context.txDr, context.txCh])]);
}

function encrypted(
  fields: DataFrameFields,
  session: { readonly nwkSKey: Aes128Key; readonly appSKey: Aes128Key; readonly fCnt32: number },
): DataFrameFields {
  const frmPayload = cipherFrmPayload({
    key: fields.fPort === 0 ? session.nwkSKey : session.appSKey,
    direction: fields.isUplink ? "up" : "down",
    devAddr: fields.devAddr,
    fCnt32: session.fCnt32,
    payload: fields.frmPayload,
  });
  return { ...fields, frmPayload };
}

function sign10(fields: DataFrameFields, nwkSKey: Aes128Key, fCnt32: number): Uint8Array {
  const direction = fields.isUplink ? "up" : "down";
  return encodeDataFrame(fields, (phyPayloadWithoutMic) =>
    computeDataMic10({ phyPayloadWithoutMic, direction, fCnt32, nwkSKey }),
  );
}
