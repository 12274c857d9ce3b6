import { encodeDataFrame } from "../../../lorawan/data/data-frame.ts";
import { computeDataMic10, computeUplinkMic11 } from "../../../lorawan/data/data-mic.ts";
import type { UplinkFCtrl } from "../../../lorawan/data/f-ctrl.ts";
import { cipherFOpts, cipherFrmPayload } from "../../../lorawan/data/payload-cipher.ts";
import type { DevAddr } from "../../../lorawan/identifiers.ts";
import type { SessionKeys } from "../../../lorawan/keys/session-keys.ts";

/** A data frame in clear under one frame counter: the same in each of its transmissions. */
export interface UplinkFrame {
  readonly isLorawan11: boolean;
  readonly devAddr: DevAddr;
  readonly keys: SessionKeys;
  readonly fCntUp: number;
  readonly isConfirmed: boolean;
  readonly fCtrl: UplinkFCtrl;
  /** Counter of the downlink it acknowledges, when `fCtrl.ack` is set. */
  readonly confFCnt: number;
  /** MAC commands in clear. */
  readonly fOpts: Uint8Array;
  readonly fPort?: number;
  /** In clear. */
  readonly payload: Uint8Array;
}

/** What one transmission adds; a 1.1 MIC covers both (LoRaWAN 1.1 §4.4.2). */
export interface Transmission {
  readonly dataRate: number;
  readonly channelIndex: number;
}

/**
 * The PHYPayload of one transmission, encrypted and signed.
 *
 * @throws WarrenError `value-out-of-range`, `frame-too-long`, `frame-malformed`
 */
export function encodeUplinkFrame(frame: UplinkFrame, transmission: Transmission): Uint8Array {
  const { keys, devAddr, fCntUp } = frame;
  const cipher = { direction: "up" as const, devAddr, fCnt32: fCntUp };
  const fOpts = frame.isLorawan11
    ? cipherFOpts({ ...cipher, nwkSEncKey: keys.nwkSEncKey, aFCnt: false, fOpts: frame.fOpts })
    : frame.fOpts;
  const key = frame.fPort === 0 ? keys.nwkSEncKey : keys.appSKey;
  const frmPayload = cipherFrmPayload({ ...cipher, key, payload: frame.payload });
  return encodeDataFrame(
    {
      isUplink: true,
      isConfirmed: frame.isConfirmed,
      devAddr,
      fCtrl: frame.fCtrl,
      fCnt: fCntUp % 0x1_0000,
      fOpts,
      ...(frame.fPort !== undefined && { fPort: frame.fPort }),
      frmPayload,
    },
    (message) => signUplink(frame, transmission, message),
  );
}

function signUplink(
  frame: UplinkFrame,
  transmission: Transmission,
  phyPayloadWithoutMic: Uint8Array,
): Uint8Array {
  const { keys, fCntUp } = frame;
  if (!frame.isLorawan11) {
    return computeDataMic10({
      phyPayloadWithoutMic,
      direction: "up",
      fCnt32: fCntUp,
      nwkSKey: keys.fNwkSIntKey,
    });
  }
  return computeUplinkMic11({
    phyPayloadWithoutMic,
    fCntUp,
    confFCnt: frame.confFCnt,
    txDr: transmission.dataRate,
    txCh: transmission.channelIndex,
    fNwkSIntKey: keys.fNwkSIntKey,
    sNwkSIntKey: keys.sNwkSIntKey,
  });
}
