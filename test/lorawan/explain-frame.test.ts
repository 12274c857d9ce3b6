import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { encodeDataFrame } from "../../src/lorawan/data/data-frame.ts";
import { computeDownlinkMic11 } from "../../src/lorawan/data/data-mic.ts";
import { cipherFOpts } from "../../src/lorawan/data/payload-cipher.ts";
import type { ExplainContext } from "../../src/lorawan/explain/frame-explanation.ts";
import { explainFrame } from "../../src/lorawan/explain-frame.ts";
import { appendMic } from "../../src/lorawan/frame-mic.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseDevAddr, parseEui64, parseNetId } from "../../src/lorawan/identifiers.ts";
import { encodeJoinAccept, type JoinAccept } from "../../src/lorawan/join/join-accept.ts";
import { computeJoinAcceptMic, JoinReqType } from "../../src/lorawan/join/join-accept-mic.ts";
import { encodeJoinRequest } from "../../src/lorawan/join/join-request.ts";
import { encodeRejoinRequest } from "../../src/lorawan/join/rejoin-request.ts";
import { buildJoinAccept, encryptJoinAccept } from "../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../../src/lorawan/keys/join-server-keys.ts";
import { warrenError } from "../support/warren-error.ts";

const keyOf = (byte: string) => importAes128Key(parseHex(byte.repeat(16)));
const rootKey = keyOf("01");
const otherKey = keyOf("09");
const joinEui = parseEui64("0102030405060708");
const devEui = parseEui64("1112131415161718");
const explainHex = (hex: string, context?: ExplainContext) => explainFrame(parseHex(hex), context);

describe("explainFrame for joins and rejoins", () => {
  const joinRequest = encodeJoinRequest({ joinEui, devEui, devNonce: 7 }, rootKey);

  it("names every field of a Join-request", () => {
    const mic = formatHex(joinRequest.slice(-4));
    assert.deepEqual(explainFrame(joinRequest), {
      messageType: "Join-request",
      lengthBytes: 23,
      fields: { JoinEUI: joinEui, DevEUI: devEui, DevNonce: 7, MIC: mic },
      mic: { value: mic, status: "not checked", detail: "needs AppKey or NwkKey" },
    });
    assert.equal(explainFrame(joinRequest, { rootKey }).mic?.status, "ok");
    assert.equal(explainFrame(joinRequest, { rootKey: otherKey }).mic?.status, "mismatch");
  });

  it("checks a Rejoin-request of type 0 or 2 under SNwkSIntKey", () => {
    const netId = parseNetId("00000a");
    const rejoin = encodeRejoinRequest({ rejoinType: 2, netId, devEui, rjCount0: 3 }, rootKey);
    const { fields, mic } = explainFrame(rejoin);
    assert.deepEqual(fields, {
      "Rejoin Type": 2,
      NetID: netId,
      DevEUI: devEui,
      RJcount0: 3,
      MIC: mic?.value,
    });
    assert.deepEqual([mic?.status, mic?.detail], ["not checked", "needs SNwkSIntKey"]);
    const session = { version: "1.1", sNwkSIntKey: rootKey } as const;
    assert.equal(explainFrame(rejoin, { session }).mic?.status, "ok");
    const session10 = { version: "1.0", nwkSKey: rootKey } as const;
    assert.equal(explainFrame(rejoin, { session: session10 }).mic?.status, "not checked");
  });

  it("checks a Rejoin-request of type 1 under JSIntKey, given or derived", () => {
    const jsIntKey = deriveJsIntKey(rootKey, devEui);
    const rejoin = encodeRejoinRequest({ rejoinType: 1, joinEui, devEui, rjCount1: 9 }, jsIntKey);
    const { messageType, fields, mic } = explainFrame(rejoin);
    assert.equal(messageType, "Rejoin-request");
    assert.equal(fields["RJcount1"], 9);
    assert.equal(mic?.status, "not checked");
    assert.equal(explainFrame(rejoin, { rootKey }).mic?.status, "ok");
    assert.equal(explainFrame(rejoin, { jsIntKey }).mic?.status, "ok");
    assert.equal(explainFrame(rejoin, { jsIntKey: otherKey, rootKey }).mic?.status, "mismatch");
  });
});

describe("explainFrame for a Join-accept", () => {
  const accept = (optNeg: boolean, cfList?: string): JoinAccept => ({
    joinNonce: 5,
    netId: parseNetId("00000a"),
    devAddr: parseDevAddr("14000001"),
    dlSettings: { optNeg, rx1DrOffset: 1, rx2DataRate: 3 },
    rxDelay: 1,
    ...(cfList !== undefined && { cfList: parseHex(cfList) }),
  });
  const jsIntKey = deriveJsIntKey(rootKey, devEui);
  const jsEncKey = deriveJsEncKey(rootKey, devEui);
  const request = { joinEui, devNonce: 7 };

  function signed11(joinReqType: JoinReqType, encryptionKey: typeof rootKey): Uint8Array {
    const mic = { scheme: "1.1", jsIntKey, joinReqType, ...request } as const;
    return buildJoinAccept({ joinAccept: accept(true), mic, encryptionKey });
  }

  const accept10 = (cfList?: string) =>
    buildJoinAccept({
      joinAccept: accept(false, cfList),
      mic: { scheme: "1.0", key: rootKey },
      encryptionKey: rootKey,
    });

  it("of 1.0 needs the root key alone", () => {
    const phyPayload = accept10();
    const withoutKeys = explainFrame(phyPayload);
    assert.deepEqual(withoutKeys.fields, { encrypted: formatHex(phyPayload.slice(1)) });
    assert.deepEqual(withoutKeys.mic, {
      status: "not checked",
      detail: "needs AppKey or NwkKey, or JSEncKey, to decrypt",
    });
    const { mic, decrypted } = explainFrame(phyPayload, { rootKey });
    assert.equal(mic?.status, "ok");
    assert.equal(mic.detail, "encrypted under the root key, MIC of 1.0");
    assert.deepEqual(decrypted, {
      JoinNonce: 5,
      NetID: "00000a",
      DevAddr: "14000001",
      DLSettings: { OptNeg: false, RX1DRoffset: 1, RX2DataRate: 3 },
      RxDelay: 1,
      MIC: mic.value,
    });
  });

  it("shows every type of CFList", () => {
    const cfListOf = (hex: string) =>
      explainFrame(accept10(hex), { rootKey }).decrypted?.["CFList"];
    assert.deepEqual(cfListOf("184f84e85684b85e84886684586e8400"), {
      CFListType: 0,
      frequenciesHz: [867100000, 867300000, 867500000, 867700000, 867900000],
    });
    assert.deepEqual(cfListOf(`00ff00000000000002${"00".repeat(6)}01`), {
      CFListType: 1,
      ChMask: [0xff00, 0, 0, 0, 0x0002, 0],
    });
    const raw = "ab".repeat(15);
    assert.deepEqual(cfListOf(`${raw}02`), { CFListType: 2, raw });
  });

  it("of 1.1 after a join needs the request as well", () => {
    const phyPayload = signed11(JoinReqType.JoinRequest, rootKey);
    const unknownRequest = explainFrame(phyPayload, { rootKey });
    assert.equal(unknownRequest.mic?.status, "not checked");
    assert.equal(unknownRequest.decrypted?.["JoinNonce"], 5);
    for (const context of [{ devEui }, { jsIntKey }]) {
      const { mic } = explainFrame(phyPayload, { rootKey, ...request, ...context });
      assert.equal(mic?.status, "ok");
      assert.match(mic.detail, /root key, MIC of 1.1 with JoinReqType ff/);
    }
    const context = { rootKey, devEui, joinEui, devNonce: 8 };
    assert.equal(explainFrame(phyPayload, context).mic?.status, "mismatch");
  });

  it("of 1.1 after a rejoin is encrypted under JSEncKey and shows which type", () => {
    for (const [name, joinReqType] of Object.entries(JoinReqType)) {
      const phyPayload = signed11(joinReqType, name === "JoinRequest" ? rootKey : jsEncKey);
      const { mic, decrypted } = explainFrame(phyPayload, { rootKey, devEui, ...request });
      assert.equal(mic?.status, "ok", name);
      assert.ok(mic.detail.endsWith(formatHex(new Uint8Array([joinReqType]))));
      assert.equal(decrypted?.["DevAddr"], "14000001");
    }
    const phyPayload = signed11(JoinReqType.RejoinRequest1, jsEncKey);
    const withoutRootKey = explainFrame(phyPayload, { jsEncKey, jsIntKey, ...request });
    assert.equal(withoutRootKey.mic?.status, "ok");
    const decryptedOnly = explainFrame(phyPayload, { jsEncKey });
    assert.equal(decryptedOnly.mic?.status, "not checked");
    assert.equal(decryptedOnly.decrypted?.["JoinNonce"], 5);
  });

  it("of 1.0 after a rejoin is found too", () => {
    const phyPayload = buildJoinAccept({
      joinAccept: accept(false),
      mic: { scheme: "1.0", key: rootKey },
      encryptionKey: jsEncKey,
    });
    const { mic } = explainFrame(phyPayload, { rootKey, devEui });
    assert.equal(mic?.detail, "encrypted under the JSEncKey, MIC of 1.0");
  });

  it("that contradicts itself is found out: OptNeg with the MIC of 1.0", () => {
    const message = encodeJoinAccept(accept(true));
    const mic10 = computeJoinAcceptMic(message, { scheme: "1.0", key: rootKey });
    const phyPayload = encryptJoinAccept(appendMic(message, mic10), rootKey);
    const { mic } = explainFrame(phyPayload, { rootKey, devEui, ...request });
    assert.equal(mic?.detail, "encrypted under the root key, MIC of 1.0");
  });

  it("with a wrong MIC of 1.0 is a mismatch", () => {
    const phyPayload = encryptJoinAccept(
      appendMic(encodeJoinAccept(accept(false)), new Uint8Array(4)),
      rootKey,
    );
    const { mic } = explainFrame(phyPayload, { rootKey });
    assert.deepEqual(mic, {
      value: "00000000",
      status: "mismatch",
      detail: "tried: encrypted under the root key, MIC of 1.0",
    });
  });
});

describe("explainFrame for data frames of 1.0", () => {
  const UPLINK = "4004030201030000020305016a3798f5b64dc039";
  const session = { version: "1.0", nwkSKey: rootKey, appSKey: rootKey } as const;

  it("names every field, and decrypts with the key that FPort asks for", () => {
    assert.deepEqual(explainHex(UPLINK, { session }), {
      messageType: "Unconfirmed Data Up",
      lengthBytes: 20,
      fields: {
        DevAddr: "01020304",
        FCtrl: { ADR: false, ADRACKReq: false, ACK: false, ClassB: false, FOptsLen: 3 },
        FCnt: 0,
        FOpts: "020305",
        FPort: 1,
        FRMPayload: "6a3798f5",
        MIC: "b64dc039",
      },
      mic: { value: "b64dc039", status: "ok", detail: "MIC of 1.0 under NwkSKey" },
      decrypted: { FRMPayload: "01020304" },
    });
  });

  it("says what is missing", () => {
    assert.equal(explainHex(UPLINK).mic?.detail, "needs the session keys");
    assert.ok(!("decrypted" in explainHex(UPLINK)));
    const noKeys = explainHex(UPLINK, { session: { version: "1.0" } });
    assert.equal(noKeys.mic?.detail, "needs NwkSKey");
    assert.ok(!("decrypted" in noKeys));
  });

  it("hands MAC commands in clear to the hook, from FOpts or from FPort 0", () => {
    const explainMacCommands = (commands: Uint8Array, direction: string) => [
      direction,
      formatHex(commands),
    ];
    const context = { session, explainMacCommands };
    assert.deepEqual(explainHex(UPLINK, context).macCommands, ["up", "020305"]);
    const port0 = "40040302010000000069369eee6aa508";
    assert.deepEqual(explainHex(port0, context).macCommands, ["up", "020305"]);
    const encrypted = { session: { version: "1.0" } as const, explainMacCommands };
    assert.ok(!("macCommands" in explainHex(port0, encrypted)));
    const empty = "400403020100010000000000";
    assert.ok(!("macCommands" in explainHex(empty, context)));
    assert.ok(!("macCommands" in explainHex(UPLINK, { explainMacCommands })));
  });

  it("takes a full counter, which must end in FCnt", () => {
    const phyPayload = "a00403020180ff2a2a0af1a36a05d0125f885d881d49e1";
    const keys = {
      version: "1.0",
      nwkSKey: keyOf("02"),
      appSKey: rootKey,
    } as const;
    const { mic, decrypted, fields } = explainHex(phyPayload, {
      session: { ...keys, fCnt32: 76543 },
    });
    assert.equal(mic?.status, "ok");
    assert.deepEqual(decrypted, { FRMPayload: formatHex(Buffer.from("hello lora")) });
    assert.deepEqual(fields["FCtrl"], { ADR: true, ACK: false, FPending: false, FOptsLen: 0 });
    assert.equal(explainHex(phyPayload, { session: keys }).mic?.status, "mismatch");
    assert.throws(
      () => explainHex(phyPayload, { session: { ...keys, fCnt32: 76544 } }),
      warrenError("value-out-of-range"),
    );
  });
});

describe("explainFrame for data frames of 1.1", () => {
  const UPLINK = "4004030201a0010001a694642615f842c4b9";
  const uplinkSession = {
    version: "1.1",
    fNwkSIntKey: importAes128Key(parseHex("02020202020202020202020202020203")),
    sNwkSIntKey: keyOf("02"),
    appSKey: rootKey,
  } as const;

  it("checks both halves of an uplink when TxDr and TxCh are known", () => {
    const session = { ...uplinkSession, confFCnt: 1, txDr: 2, txCh: 3 };
    const { mic, decrypted } = explainHex(UPLINK, { session });
    assert.equal(mic?.status, "ok");
    assert.deepEqual(decrypted, { FRMPayload: "68656c6c6f" });
    const { confFCnt: _, ...withoutConfFCnt } = session;
    assert.equal(explainHex(UPLINK, { session: withoutConfFCnt }).mic?.status, "mismatch");
  });

  it("says what an uplink needs", () => {
    const all = { ...uplinkSession, txDr: 2, txCh: 3 };
    for (const missing of ["fNwkSIntKey", "sNwkSIntKey", "txDr", "txCh"] as const) {
      const { [missing]: _, ...session } = all;
      const { mic } = explainHex(UPLINK, { session });
      assert.equal(mic?.detail, "needs FNwkSIntKey, SNwkSIntKey, TxDr and TxCh");
    }
  });

  it("decrypts the FOpts of a downlink with NFCntDown or AFCntDown by FPort", () => {
    const nwkSEncKey = keyOf("03");
    const sNwkSIntKey = keyOf("04");
    const devAddr = parseDevAddr("01020304");
    const session = { version: "1.1", nwkSEncKey, sNwkSIntKey } as const;
    for (const fPort of [undefined, 5]) {
      const fOpts = cipherFOpts({
        nwkSEncKey,
        direction: "down",
        devAddr,
        fCnt32: 6,
        aFCnt: fPort !== undefined,
        fOpts: parseHex("06"),
      });
      const frame = encodeDataFrame(
        {
          isUplink: false,
          isConfirmed: true,
          devAddr,
          fCtrl: { adr: false, ack: true, fPending: true },
          fCnt: 6,
          fOpts,
          ...(fPort !== undefined && { fPort }),
          frmPayload: new Uint8Array(fPort === undefined ? 0 : 2),
        },
        (phyPayloadWithoutMic) =>
          computeDownlinkMic11({ phyPayloadWithoutMic, fCntDown: 6, confFCnt: 0, sNwkSIntKey }),
      );
      const explainMacCommands = (commands: Uint8Array) => formatHex(commands);
      const explanation = explainFrame(frame, { session, explainMacCommands });
      assert.equal(explanation.messageType, "Confirmed Data Down");
      assert.equal(explanation.mic?.status, "ok");
      assert.deepEqual(explanation.decrypted, { FOpts: "06" });
      assert.equal(explanation.macCommands, "06");

      const withoutKeys = explainFrame(frame, { session: { version: "1.1" }, explainMacCommands });
      assert.equal(withoutKeys.mic?.detail, "needs SNwkSIntKey");
      assert.ok(!("decrypted" in withoutKeys));
      assert.ok(!("macCommands" in withoutKeys));
    }
  });

  it("decrypts MAC commands of FPort 0 under NwkSEncKey", () => {
    const session = {
      version: "1.1",
      nwkSEncKey: importAes128Key(parseHex("a5406d11c50850c965c2545ad81980a7")),
    } as const;
    const { decrypted } = explainHex("40679810e080000000c2c5248de748", { session });
    assert.deepEqual(decrypted, { FRMPayload: "0b01" });
  });
});

describe("explainFrame for other frames", () => {
  it("shows a proprietary payload as it is", () => {
    assert.deepEqual(explainHex("e3aabb"), {
      messageType: "Proprietary",
      lengthBytes: 3,
      fields: { payload: "aabb" },
    });
  });

  it("passes on the typed error of the decoder", () => {
    assert.throws(() => explainHex(""), warrenError("frame-too-short"));
    assert.throws(() => explainHex("00"), warrenError("frame-too-short"));
    assert.throws(() => explainHex("2000"), warrenError("frame-too-short"));
    assert.throws(() => explainHex(`c0${"00".repeat(30)}`), warrenError("frame-too-long"));
    assert.throws(() => explainHex("41"), warrenError("frame-malformed"));
  });
});
