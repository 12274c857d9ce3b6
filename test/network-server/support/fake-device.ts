import { type Aes128Key, importAes128Key } from "../../../src/crypto/aes128.ts";
import {
  type DataFrame,
  decodeDataFrame,
  encodeDataFrame,
} from "../../../src/lorawan/data/data-frame.ts";
import {
  computeDataMic10,
  computeUplinkMic11,
  verifyDataMic10,
  verifyDownlinkMic11,
} from "../../../src/lorawan/data/data-mic.ts";
import { cipherFOpts, cipherFrmPayload } from "../../../src/lorawan/data/payload-cipher.ts";
import type { DevAddr, Eui64, NetId } from "../../../src/lorawan/identifiers.ts";
import { JoinReqType } from "../../../src/lorawan/join/join-accept-mic.ts";
import { encodeJoinRequest } from "../../../src/lorawan/join/join-request.ts";
import { encodeRejoinRequest } from "../../../src/lorawan/join/rejoin-request.ts";
import { openJoinAccept } from "../../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../../../src/lorawan/keys/join-server-keys.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
  type SessionKeys,
} from "../../../src/lorawan/keys/session-keys.ts";
import { isLorawan11, type MacVersion } from "../../../src/lorawan/mac-version.ts";

export const NET_ID = "000001" as NetId;

export interface UplinkContent {
  readonly fPort?: number;
  readonly payload?: Uint8Array;
  readonly confirmed?: boolean;
  /** In clear. */
  readonly fOpts?: Uint8Array;
  readonly ack?: boolean;
  readonly adrAckReq?: boolean;
}

export interface RadioParameters {
  readonly txDr: number;
  readonly txCh: number;
}

/** A downlink as the device understands it: MIC right, everything in clear. */
export interface OpenedDownlink {
  readonly frame: DataFrame;
  readonly fCntDown: number;
  readonly fOpts: Uint8Array;
  readonly payload: Uint8Array;
}

/** The device's end of LoRaWAN, as small as it can be. */
export class FakeDevice {
  readonly devEui: Eui64;
  readonly joinEui = "70b3d57ed0000001" as Eui64;
  readonly macVersion: MacVersion;
  readonly nwkKey: Aes128Key;
  readonly appKey: Aes128Key;
  keys: SessionKeys | undefined;
  devAddr = "00000000" as DevAddr;
  fCntUp = 0;
  lastFCntDown = 0;
  rxDelay = 1;
  cfList: Uint8Array | undefined;
  #devNonce = 0;
  #rjCount0 = 0;
  #rjCount1 = 0;
  #outstanding: { type: JoinReqType; nonce: number } = { type: JoinReqType.JoinRequest, nonce: 0 };

  constructor(macVersion: MacVersion, number: number) {
    this.macVersion = macVersion;
    this.devEui = number.toString(16).padStart(16, "0") as Eui64;
    this.nwkKey = importAes128Key(new Uint8Array(16).fill(number));
    this.appKey = isLorawan11(macVersion)
      ? importAes128Key(new Uint8Array(16).fill(number + 0x80))
      : this.nwkKey;
  }

  get is11(): boolean {
    return isLorawan11(this.macVersion);
  }

  get session(): SessionKeys {
    if (this.keys === undefined) throw new Error("the device has no session");
    return this.keys;
  }

  joinRequest(): Uint8Array {
    const devNonce = ++this.#devNonce;
    this.#outstanding = { type: JoinReqType.JoinRequest, nonce: devNonce };
    const { joinEui, devEui } = this;
    return encodeJoinRequest({ joinEui, devEui, devNonce }, this.nwkKey);
  }

  rejoinRequest(rejoinType: 0 | 1 | 2, key?: Aes128Key): Uint8Array {
    const { devEui, joinEui } = this;
    if (rejoinType === 1) {
      const rjCount1 = ++this.#rjCount1;
      this.#outstanding = { type: JoinReqType.RejoinRequest1, nonce: rjCount1 };
      const jsIntKey = deriveJsIntKey(this.nwkKey, devEui);
      return encodeRejoinRequest({ rejoinType, joinEui, devEui, rjCount1 }, key ?? jsIntKey);
    }
    const rjCount0 = ++this.#rjCount0;
    this.#outstanding = { type: rejoinType as JoinReqType, nonce: rjCount0 };
    return encodeRejoinRequest(
      { rejoinType, netId: NET_ID, devEui, rjCount0 },
      key ?? this.session.sNwkSIntKey,
    );
  }

  /** Opens the accept of the outstanding request and starts the session. */
  acceptJoin(phyPayload: Uint8Array): void {
    const { type, nonce } = this.#outstanding;
    const isRejoin = type !== JoinReqType.JoinRequest;
    const accept = openJoinAccept({
      phyPayload,
      encryptionKey: isRejoin ? deriveJsEncKey(this.nwkKey, this.devEui) : this.nwkKey,
      rootKey: this.nwkKey,
      ...(this.is11 && {
        mic11: {
          jsIntKey: deriveJsIntKey(this.nwkKey, this.devEui),
          joinReqType: type,
          joinEui: this.joinEui,
          devNonce: nonce,
        },
      }),
    });
    const { joinNonce, netId } = accept;
    this.keys = accept.dlSettings.optNeg
      ? deriveSessionKeys11({
          nwkKey: this.nwkKey,
          appKey: this.appKey,
          joinNonce,
          joinEui: this.joinEui,
          devNonce: nonce,
        })
      : deriveSessionKeys10({ key: this.nwkKey, joinNonce, netId, devNonce: nonce });
    this.devAddr = accept.devAddr;
    this.cfList = accept.cfList;
    this.rxDelay = accept.rxDelay;
    this.fCntUp = 0;
    this.#rjCount0 = 0;
  }

  /** The next uplink: encrypted and signed. */
  uplink(content: UplinkContent, radio: RadioParameters = { txDr: 5, txCh: 0 }): Uint8Array {
    const fCntUp = this.fCntUp++;
    const { session, devAddr } = this;
    const block = { direction: "up", devAddr, fCnt32: fCntUp } as const;
    const fOpts = content.fOpts ?? new Uint8Array();
    const payload = content.payload ?? new Uint8Array();
    return encodeDataFrame(
      {
        isUplink: true,
        isConfirmed: content.confirmed ?? false,
        devAddr,
        fCtrl: {
          adr: false,
          adrAckReq: content.adrAckReq ?? false,
          ack: content.ack ?? false,
          classB: false,
        },
        fCnt: fCntUp % 0x10000,
        fOpts:
          this.is11 && fOpts.length > 0
            ? cipherFOpts({ nwkSEncKey: session.nwkSEncKey, ...block, aFCnt: false, fOpts })
            : fOpts,
        ...(content.fPort !== undefined && { fPort: content.fPort }),
        frmPayload: cipherFrmPayload({
          key: content.fPort === 0 ? session.nwkSEncKey : session.appSKey,
          ...block,
          payload,
        }),
      },
      (phyPayloadWithoutMic) =>
        this.is11
          ? computeUplinkMic11({
              phyPayloadWithoutMic,
              fCntUp,
              confFCnt: this.lastFCntDown,
              ...radio,
              fNwkSIntKey: session.fNwkSIntKey,
              sNwkSIntKey: session.sNwkSIntKey,
            })
          : computeDataMic10({
              phyPayloadWithoutMic,
              direction: "up",
              fCnt32: fCntUp,
              nwkSKey: session.fNwkSIntKey,
            }),
    );
  }

  /** Checks the MIC of a downlink and decrypts it. Throws when the MIC is wrong. */
  open(phyPayload: Uint8Array): OpenedDownlink {
    const frame = decodeDataFrame(phyPayload);
    const { session, devAddr } = this;
    const fCntDown = frame.fCnt;
    const isVerified = this.is11
      ? verifyDownlinkMic11({
          phyPayload,
          fCntDown,
          confFCnt: this.fCntUp - 1,
          sNwkSIntKey: session.sNwkSIntKey,
        })
      : verifyDataMic10({ phyPayload, fCnt32: fCntDown, nwkSKey: session.fNwkSIntKey });
    if (!isVerified) throw new Error("the MIC of the downlink is wrong");
    this.lastFCntDown = fCntDown;
    const block = { direction: "down", devAddr, fCnt32: fCntDown } as const;
    const isApplication = frame.fPort !== undefined && frame.fPort > 0;
    return {
      frame,
      fCntDown,
      fOpts:
        this.is11 && frame.fOpts.length > 0
          ? cipherFOpts({
              nwkSEncKey: session.nwkSEncKey,
              ...block,
              aFCnt: isApplication,
              fOpts: frame.fOpts,
            })
          : frame.fOpts,
      payload: cipherFrmPayload({
        key: isApplication ? session.appSKey : session.nwkSEncKey,
        ...block,
        payload: frame.frmPayload,
      }),
    };
  }

  /** What the Application Server would put into a downlink. */
  encryptDownlink(fCnt32: number, payload: Uint8Array): Uint8Array {
    const { devAddr, session } = this;
    return cipherFrmPayload({ key: session.appSKey, direction: "down", devAddr, fCnt32, payload });
  }
}
