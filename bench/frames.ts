import loraPacketModule from "lora-packet";
import { type Aes128Key, importAes128Key } from "../src/crypto/aes128.ts";
import { decodeDataFrame } from "../src/lorawan/data/data-frame.ts";
import { verifyDataMic10, verifyUplinkMic11 } from "../src/lorawan/data/data-mic.ts";
import { cipherFrmPayload } from "../src/lorawan/data/payload-cipher.ts";
import { parseDevAddr, parseNetId } from "../src/lorawan/identifiers.ts";
import { buildJoinAccept, openJoinAccept } from "../src/lorawan/join/secure-join-accept.ts";
import type { BenchCase } from "./measure.ts";

// Its types promise a default export; what Node gives is the CommonJS exports object itself.
const loraPacket = loraPacketModule as unknown as typeof loraPacketModule.default;

// Frames of brocaar/lorawan's tests, which are in test/vectors/lorawan.json too.
const UPLINK_10 = Buffer.from("400403020180010001a694642615d6c3b582", "hex");
const NWK_S_KEY_10 = Buffer.from("02".repeat(16), "hex");
const UPLINK_11 = Buffer.from("400403020180010001a6946426157612366a", "hex");
const F_NWK_S_INT_KEY = Buffer.from(`${"02".repeat(15)}03`, "hex");
const S_NWK_S_INT_KEY = Buffer.from("02".repeat(16), "hex");
const APP_KEY = Buffer.from("04".repeat(16), "hex");
/** ConfFCnt 0, TxDr 2, TxCh 3 as lora-packet wants them. */
const CONF_F_CNT_TX_DR_TX_CH = [0, 0, 2, 3];

/** Decoding a data frame and checking its MIC, next to lora-packet doing the same. */
export function frameCases(): BenchCase[] {
  const nwkSKey = importAes128Key(NWK_S_KEY_10);
  const fNwkSIntKey = importAes128Key(F_NWK_S_INT_KEY);
  const sNwkSIntKey = importAes128Key(S_NWK_S_INT_KEY);
  const upper = Buffer.from([0, 0]);
  return [
    { name: "decode, ours", run: () => decodeDataFrame(UPLINK_10) },
    { name: "decode, lora-packet", run: () => loraPacket.fromWire(UPLINK_10) },
    {
      name: "decode + MIC 1.0, ours",
      run: () => {
        decodeDataFrame(UPLINK_10);
        mustBeTrue(verifyDataMic10({ phyPayload: UPLINK_10, nwkSKey, fCnt32: 1 }));
      },
    },
    {
      name: "decode + MIC 1.0, lora-packet",
      run: () => mustBeTrue(loraPacket.verifyMIC(loraPacket.fromWire(UPLINK_10), NWK_S_KEY_10)),
    },
    {
      name: "decode + MIC 1.1, ours",
      run: () => {
        decodeDataFrame(UPLINK_11);
        mustBeTrue(
          verifyUplinkMic11({
            phyPayload: UPLINK_11,
            fCntUp: 1,
            confFCnt: 0,
            txDr: 2,
            txCh: 3,
            fNwkSIntKey,
            sNwkSIntKey,
          }),
        );
      },
    },
    {
      name: "decode + MIC 1.1, lora-packet",
      run: () =>
        mustBeTrue(
          loraPacket.verifyMIC(
            loraPacket.fromWire(UPLINK_11),
            F_NWK_S_INT_KEY,
            S_NWK_S_INT_KEY,
            upper,
            // It overwrites the buffer it is given.
            Buffer.from(CONF_F_CNT_TX_DR_TX_CH),
          ),
        ),
    },
  ];
}

/** Decrypting the FRMPayload of a frame that is decoded already, and Join-accepts of 1.0.x made and opened. */
export function payloadAndJoinAcceptCases(): BenchCase[] {
  const key = importAes128Key(APP_KEY);
  const decoded = loraPacket.fromWire(UPLINK_10);
  const { devAddr, frmPayload } = decodeDataFrame(UPLINK_10);
  const cipher = { key, direction: "up", devAddr, fCnt32: 1, payload: frmPayload } as const;
  const decrypted = loraPacket.decrypt(decoded, APP_KEY, APP_KEY);
  const onAir = makeOurs(key);
  return [
    {
      name: "decrypt FRMPayload, ours",
      run: () => mustBeEqual(cipherFrmPayload(cipher), decrypted),
    },
    {
      name: "decrypt FRMPayload, lora-packet",
      run: () => mustBeEqual(loraPacket.decrypt(decoded, APP_KEY, APP_KEY), decrypted),
    },
    { name: "make Join-accept, ours", run: () => mustBeEqual(makeOurs(key), onAir) },
    { name: "make Join-accept, lora-packet", run: () => mustBeEqual(makeTheirs(), onAir) },
    {
      name: "open Join-accept, ours",
      run: () => openJoinAccept({ phyPayload: onAir, encryptionKey: key, rootKey: key }),
    },
    {
      name: "open Join-accept, lora-packet",
      run: () => {
        const clear = loraPacket.decryptJoinAccept(
          loraPacket.fromWire(Buffer.from(onAir)),
          APP_KEY,
        );
        mustBeTrue(loraPacket.verifyMIC(loraPacket.fromWire(clear), undefined, APP_KEY));
      },
    },
  ];
}

function makeOurs(key: Aes128Key): Uint8Array {
  return buildJoinAccept({
    joinAccept: {
      joinNonce: 0x010203,
      netId: parseNetId("000013"),
      devAddr: parseDevAddr("26012345"),
      dlSettings: { optNeg: false, rx1DrOffset: 0, rx2DataRate: 3 },
      rxDelay: 1,
    },
    mic: { scheme: "1.0", key },
    encryptionKey: key,
  });
}

function makeTheirs(): Uint8Array {
  const fields = {
    MType: 1,
    AppNonce: Buffer.from("010203", "hex"),
    NetID: Buffer.from("000013", "hex"),
    DevAddr: Buffer.from("26012345", "hex"),
    DLSettings: 3,
    RxDelay: 1,
    CFList: Buffer.alloc(0),
  };
  return loraPacket.fromFields(fields, undefined, undefined, APP_KEY).PHYPayload as Uint8Array;
}

function mustBeEqual(actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) !== 0) throw new Error("wrong octets in a benchmark");
}

/** A benchmark of a wrong answer measures nothing. */
function mustBeTrue(isRight: boolean): void {
  if (!isRight) throw new Error("wrong MIC in a benchmark");
}
