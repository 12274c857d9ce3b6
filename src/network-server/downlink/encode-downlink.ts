import { type DownlinkDataFields, encodeDataFrame } from "../../lorawan/data/data-frame.ts";
import { computeDataMic10, computeDownlinkMic11 } from "../../lorawan/data/data-mic.ts";
import { cipherFOpts, cipherFrmPayload } from "../../lorawan/data/payload-cipher.ts";
import type { Session } from "../session/session.ts";

/** A downlink before encryption and MIC. */
export interface DownlinkContent {
  /** 32 bits: AFCntDown for an application payload of 1.1, else the Network Server's counter. */
  readonly fCntDown: number;
  readonly isConfirmed: boolean;
  readonly ack: boolean;
  readonly fPending: boolean;
  /** 32-bit counter of the uplink that `ack` acknowledges. */
  readonly confFCnt: number;
  /** In clear, 0..15 bytes. */
  readonly fOpts: Uint8Array;
  /** MAC commands in clear for FPort 0, or an application payload encrypted by its server. */
  readonly payload?: { readonly fPort: number; readonly bytes: Uint8Array };
}

/**
 * The PHYPayload of a downlink: FOpts encrypted in 1.1 and FPort 0 in both versions, then the MIC.
 *
 * @throws WarrenError `value-out-of-range`, `frame-too-long`, `frame-malformed`
 * @see LoRaWAN 1.1 §4.3.1.6, §4.3.3, §4.4.1
 */
export function encodeDownlink(session: Session, content: DownlinkContent): Uint8Array {
  const fields: DownlinkDataFields = {
    isUplink: false,
    isConfirmed: content.isConfirmed,
    devAddr: session.devAddr,
    // This server steers no data rates, and says so by an unset ADR.
    fCtrl: { adr: false, ack: content.ack, fPending: content.fPending },
    fCnt: content.fCntDown % 0x10000,
    fOpts: encryptFOpts(session, content),
    ...(content.payload !== undefined && { fPort: content.payload.fPort }),
    frmPayload: encryptPayload(session, content),
  };
  return encodeDataFrame(fields, (phyPayloadWithoutMic) =>
    session.version === "1.0"
      ? computeDataMic10({
          phyPayloadWithoutMic,
          direction: "down",
          fCnt32: content.fCntDown,
          nwkSKey: session.keys.fNwkSIntKey,
        })
      : computeDownlinkMic11({
          phyPayloadWithoutMic,
          fCntDown: content.fCntDown,
          confFCnt: content.confFCnt,
          sNwkSIntKey: session.keys.sNwkSIntKey,
        }),
  );
}

function encryptFOpts(session: Session, { fOpts, fCntDown, payload }: DownlinkContent): Uint8Array {
  if (session.version === "1.0" || fOpts.length === 0) return fOpts;
  return cipherFOpts({
    nwkSEncKey: session.keys.nwkSEncKey,
    direction: "down",
    devAddr: session.devAddr,
    fCnt32: fCntDown,
    aFCnt: payload !== undefined && payload.fPort > 0,
    fOpts,
  });
}

function encryptPayload(session: Session, { fCntDown, payload }: DownlinkContent): Uint8Array {
  if (payload === undefined) return new Uint8Array();
  if (payload.fPort > 0) return payload.bytes;
  return cipherFrmPayload({
    key: session.keys.nwkSEncKey,
    direction: "down",
    devAddr: session.devAddr,
    fCnt32: fCntDown,
    payload: payload.bytes,
  });
}
