import { importAes128Key } from "../../../src/crypto/aes128.ts";
import { decodeDataFrame, encodeDataFrame } from "../../../src/lorawan/data/data-frame.ts";
import {
  computeDataMic10,
  computeDownlinkMic11,
  verifyDataMic10,
  verifyUplinkMic11,
} from "../../../src/lorawan/data/data-mic.ts";
import type { UplinkFCtrl } from "../../../src/lorawan/data/f-ctrl.ts";
import { cipherFOpts, cipherFrmPayload } from "../../../src/lorawan/data/payload-cipher.ts";
import { parseHex } from "../../../src/lorawan/hex.ts";
import {
  type DevAddr,
  type Eui64,
  type NetId,
  parseDevAddr,
  parseEui64,
  parseNetId,
} from "../../../src/lorawan/identifiers.ts";
import { JoinReqType } from "../../../src/lorawan/join/join-accept-mic.ts";
import { decodeJoinRequest, verifyJoinRequestMic } from "../../../src/lorawan/join/join-request.ts";
import { decodeRejoinRequest } from "../../../src/lorawan/join/rejoin-request.ts";
import { buildJoinAccept } from "../../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../../../src/lorawan/keys/join-server-keys.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
  type SessionKeys,
} from "../../../src/lorawan/keys/session-keys.ts";
import {
  decodeMacCommands,
  encodeMacCommands,
  type MacCommand,
} from "../../../src/lorawan/mac-commands/mac-commands.ts";
import { MType } from "../../../src/lorawan/mhdr.ts";
import { ROOT_KEY_UPLINK_COMMANDS } from "../../../src/root-key/mac-commands.ts";
import type { RootKeys } from "../../../src/root-key/root-keys.ts";

export const devEui = parseEui64("0102030405060708");
export const joinEui = parseEui64("1112131415161718");
export const netId = parseNetId("000001");

export function rootKeys(seed = 1): RootKeys {
  return {
    nwkKey: importAes128Key(new Uint8Array(16).fill(seed)),
    appKey: importAes128Key(new Uint8Array(16).fill(seed + 100)),
  };
}

export interface ServerSession {
  devAddr: DevAddr;
  is11: boolean;
  keys: SessionKeys;
  joinNonce: number;
  nFCntDown: number;
  aFCntDown: number;
  lastFCntUp: number;
}

export interface UplinkSeen {
  readonly fCntUp: number;
  readonly isConfirmed: boolean;
  readonly fCtrl: UplinkFCtrl;
  readonly fPort: number | undefined;
  readonly payload: Uint8Array;
  readonly commands: readonly MacCommand[];
  readonly names: readonly string[];
}

export interface DownlinkOrder {
  readonly isConfirmed?: boolean;
  readonly ack?: boolean;
  readonly fPending?: boolean;
  readonly commands?: readonly MacCommand[];
  /** MAC commands as octets, before `commands`. */
  readonly octets?: Uint8Array;
  readonly onFPort0?: boolean;
  readonly fPort?: number;
  readonly payload?: Uint8Array;
  readonly confFCnt?: number;
}

/** Network Server and Join Server of one device, by the codecs alone. */
export class FakeServer {
  keys: RootKeys;
  readonly is11: boolean;
  joinNonce = 0;
  readonly devNonces: number[] = [];
  session: ServerSession | undefined;

  constructor(is11: boolean, keys = rootKeys()) {
    this.is11 = is11;
    this.keys = keys;
  }

  /** Opens a Join-request; undefined when the MIC is not under `keys`. */
  joinRequest(phyPayload: Uint8Array, keys = this.keys): number | undefined {
    if (!verifyJoinRequestMic(phyPayload, keys.nwkKey)) return undefined;
    const { devNonce } = decodeJoinRequest(phyPayload);
    this.devNonces.push(devNonce);
    return devNonce;
  }

  /** The Join-accept to a request of this DevNonce, or to a rejoin; makes the new session. */
  accept(
    nonce: number,
    options: {
      readonly optNeg?: boolean;
      readonly joinReqType?: JoinReqType;
      readonly joinNonce?: number;
      readonly keys?: RootKeys;
      readonly cfList?: Uint8Array;
      readonly rxDelay?: number;
    } = {},
  ): Uint8Array {
    const { optNeg = this.is11, joinReqType = JoinReqType.JoinRequest } = options;
    const keys = options.keys ?? this.keys;
    const joinNonce = options.joinNonce ?? ++this.joinNonce;
    const { nwkKey } = keys;
    const devAddr = parseDevAddr(`0000${(0x1000 + joinNonce).toString(16)}`);
    this.session = {
      devAddr,
      is11: optNeg,
      joinNonce,
      keys: optNeg
        ? deriveSessionKeys11({ ...keys, joinNonce, joinEui, devNonce: nonce })
        : deriveSessionKeys10({ key: nwkKey, joinNonce, netId, devNonce: nonce }),
      nFCntDown: -1,
      aFCntDown: -1,
      lastFCntUp: -1,
    };
    const isRejoin = joinReqType !== JoinReqType.JoinRequest;
    return buildJoinAccept({
      joinAccept: {
        joinNonce,
        netId,
        devAddr,
        dlSettings: { optNeg, rx1DrOffset: 0, rx2DataRate: 0 },
        rxDelay: options.rxDelay ?? 1,
        ...(options.cfList && { cfList: options.cfList }),
      },
      mic: optNeg
        ? {
            scheme: "1.1",
            jsIntKey: deriveJsIntKey(nwkKey, devEui),
            joinReqType,
            joinEui,
            devNonce: nonce,
          }
        : { scheme: "1.0", key: nwkKey },
      encryptionKey: isRejoin ? deriveJsEncKey(nwkKey, devEui) : nwkKey,
    });
  }

  /** Opens a data uplink of the session; undefined when it is not one or its MIC is wrong. */
  uplink(phyPayload: Uint8Array, session = this.session): UplinkSeen | undefined {
    const mType = (phyPayload[0] ?? 0) >> 5;
    if (
      session === undefined ||
      (mType !== MType.UnconfirmedDataUp && mType !== MType.ConfirmedDataUp)
    ) {
      return undefined;
    }
    const frame = decodeDataFrame(phyPayload);
    if (!frame.isUplink || frame.devAddr !== session.devAddr) return undefined;
    if (!this.#verifies(session, phyPayload, frame.fCnt)) return undefined;
    session.lastFCntUp = frame.fCnt;
    const cipher = { direction: "up" as const, devAddr: frame.devAddr, fCnt32: frame.fCnt };
    const { nwkSEncKey, appSKey } = session.keys;
    const fOpts = session.is11
      ? cipherFOpts({ ...cipher, nwkSEncKey, aFCnt: false, fOpts: frame.fOpts })
      : frame.fOpts;
    const key = frame.fPort === 0 ? nwkSEncKey : appSKey;
    const payload = cipherFrmPayload({ ...cipher, key, payload: frame.frmPayload });
    const { commands } = decodeMacCommands("up", frame.fPort === 0 ? payload : fOpts, {
      proprietary: ROOT_KEY_UPLINK_COMMANDS,
    });
    return {
      fCntUp: frame.fCnt,
      isConfirmed: frame.isConfirmed,
      fCtrl: frame.fCtrl,
      fPort: frame.fPort,
      payload,
      commands,
      names: commands.map(({ name }) => name),
    };
  }

  /** The data rate and channel are tried out, so that tests need not know them. */
  #verifies(session: ServerSession, phyPayload: Uint8Array, fCnt: number): boolean {
    const { fNwkSIntKey, sNwkSIntKey } = session.keys;
    if (!session.is11) return verifyDataMic10({ phyPayload, fCnt32: fCnt, nwkSKey: fNwkSIntKey });
    for (let txDr = 5; txDr >= 0; txDr--) {
      for (let txCh = 0; txCh < 16; txCh++) {
        const confFCnt = Math.max(0, session.nFCntDown);
        const input = { phyPayload, fCntUp: fCnt, confFCnt, txDr, txCh, fNwkSIntKey, sNwkSIntKey };
        const other = { ...input, confFCnt: Math.max(0, session.aFCntDown) };
        if (verifyUplinkMic11(input) || verifyUplinkMic11(other)) return true;
      }
    }
    return false;
  }

  /** The next downlink of the session. */
  downlink(order: DownlinkOrder = {}, session = this.session): Uint8Array {
    if (session === undefined) throw new Error("no session");
    const { keys, devAddr, is11 } = session;
    const commands = Buffer.concat([
      order.octets ?? new Uint8Array(),
      encodeMacCommands(order.commands ?? []),
    ]);
    const fPort = order.onFPort0 === true ? 0 : order.fPort;
    const isA = is11 && fPort !== undefined && fPort > 0;
    const fCnt32 = isA ? ++session.aFCntDown : ++session.nFCntDown;
    const cipher = { direction: "down" as const, devAddr, fCnt32 };
    const clearFOpts = fPort === 0 ? new Uint8Array() : new Uint8Array(commands);
    const fOpts = is11
      ? cipherFOpts({ ...cipher, nwkSEncKey: keys.nwkSEncKey, aFCnt: isA, fOpts: clearFOpts })
      : clearFOpts;
    const payload = fPort === 0 ? new Uint8Array(commands) : (order.payload ?? new Uint8Array());
    const key = fPort === 0 ? keys.nwkSEncKey : keys.appSKey;
    return encodeDataFrame(
      {
        isUplink: false,
        isConfirmed: order.isConfirmed ?? false,
        devAddr,
        fCtrl: { adr: true, ack: order.ack ?? false, fPending: order.fPending ?? false },
        fCnt: fCnt32 % 0x1_0000,
        fOpts,
        ...(fPort !== undefined && { fPort }),
        frmPayload: cipherFrmPayload({ ...cipher, key, payload }),
      },
      (phyPayloadWithoutMic) =>
        is11
          ? computeDownlinkMic11({
              phyPayloadWithoutMic,
              fCntDown: fCnt32,
              confFCnt: order.confFCnt ?? Math.max(0, session.lastFCntUp),
              sNwkSIntKey: keys.sNwkSIntKey,
            })
          : computeDataMic10({
              phyPayloadWithoutMic,
              direction: "down",
              fCnt32,
              nwkSKey: keys.fNwkSIntKey,
            }),
    );
  }
}

export function mTypeOf(phyPayload: Uint8Array): number {
  return (phyPayload[0] ?? 0) >> 5;
}

export { decodeRejoinRequest, type Eui64, type NetId, parseHex };
