import {
  type DataFrame,
  decodeDataFrame,
  encodeDataFrame,
} from "../../../lorawan/data/data-frame.ts";
import {
  computeDataMic10,
  computeDownlinkMic11,
  computeUplinkMic11,
} from "../../../lorawan/data/data-mic.ts";
import { cipherFOpts, cipherFrmPayload } from "../../../lorawan/data/payload-cipher.ts";
import { equalMics, splitMic } from "../../../lorawan/frame-mic.ts";
import type { DevAddr } from "../../../lorawan/identifiers.ts";
import type { SessionKeys } from "../../../lorawan/keys/session-keys.ts";

/** Where a root key command stands in a data frame. */
export type Carrier = "FOpts" | "FPort 0" | "FPort 199";

/** A session as whoever has its keys sees it. */
export interface AirSession extends SessionKeys {
  readonly devAddr: DevAddr;
  readonly joinNonce: number;
  /** LoRaWAN 1.1 with four keys; otherwise 1.0.x. */
  readonly optNeg: boolean;
}

export interface AirCommand {
  readonly isUplink: boolean;
  readonly fCnt: number;
  readonly carrier: Carrier;
  /** A root key command, its identifier included. */
  readonly octets: Uint8Array;
}

/** A data frame with a root key command, encrypted and signed as LoRaWAN has it. */
export function sealCommand(session: AirSession, command: AirCommand): Uint8Array {
  const { isUplink, fCnt, carrier } = command;
  const body = cipher(session, command);
  const inFOpts = carrier === "FOpts";
  const fields = {
    isConfirmed: false,
    devAddr: session.devAddr,
    fCnt,
    fOpts: inFOpts ? body : new Uint8Array(),
    frmPayload: inFOpts ? new Uint8Array() : body,
    ...(!inFOpts && { fPort: carrier === "FPort 0" ? 0 : 199 }),
  };
  const common = { adr: false, ack: false };
  return encodeDataFrame(
    isUplink
      ? { ...fields, isUplink, fCtrl: { ...common, adrAckReq: false, classB: false } }
      : { ...fields, isUplink, fCtrl: { ...common, fPending: false } },
    (message) => micOf(session, isUplink, fCnt, message),
  );
}

/** The command of a data frame; undefined when the frame is none of this session. */
export function openCommand(session: AirSession, phyPayload: Uint8Array): AirCommand | undefined {
  const frame = decodeDataFrame(phyPayload);
  const { message, mic } = splitMic(phyPayload);
  if (!equalMics(mic, micOf(session, frame.isUplink, frame.fCnt, message))) return undefined;
  const sealed = {
    isUplink: frame.isUplink,
    fCnt: frame.fCnt,
    carrier: carrierOf(frame),
    octets: frame.fPort === undefined ? frame.fOpts : frame.frmPayload,
  };
  return { ...sealed, octets: cipher(session, sealed) };
}

function carrierOf({ fPort }: DataFrame): Carrier {
  if (fPort === undefined) return "FOpts";
  return fPort === 0 ? "FPort 0" : "FPort 199";
}

/** Encrypts and decrypts. Counters stay far below 2^16, so that of the frame is the whole. */
function cipher(session: AirSession, { isUplink, fCnt, carrier, octets }: AirCommand): Uint8Array {
  const { devAddr, nwkSEncKey, appSKey } = session;
  const frame = { direction: isUplink ? "up" : "down", devAddr, fCnt32: fCnt } as const;
  if (carrier === "FOpts") {
    return session.optNeg
      ? cipherFOpts({ ...frame, nwkSEncKey, aFCnt: false, fOpts: octets })
      : octets;
  }
  const key = carrier === "FPort 0" ? nwkSEncKey : appSKey;
  return cipherFrmPayload({ ...frame, key, payload: octets });
}

function micOf(
  session: AirSession,
  isUplink: boolean,
  fCnt: number,
  phyPayloadWithoutMic: Uint8Array,
): Uint8Array {
  const { fNwkSIntKey, sNwkSIntKey } = session;
  if (!session.optNeg) {
    const direction = isUplink ? "up" : "down";
    return computeDataMic10({
      phyPayloadWithoutMic,
      direction,
      fCnt32: fCnt,
      nwkSKey: fNwkSIntKey,
    });
  }
  const bound = { phyPayloadWithoutMic, confFCnt: 0, sNwkSIntKey };
  return isUplink
    ? computeUplinkMic11({ ...bound, fCntUp: fCnt, txDr: 0, txCh: 0, fNwkSIntKey })
    : computeDownlinkMic11({ ...bound, fCntDown: fCnt });
}
