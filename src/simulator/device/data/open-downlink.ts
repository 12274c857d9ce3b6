import type { Aes128Key } from "../../../crypto/aes128.ts";
import {
  type DataFrame,
  type DownlinkDataFields,
  decodeDataFrame,
} from "../../../lorawan/data/data-frame.ts";
import { verifyDataMic10, verifyDownlinkMic11 } from "../../../lorawan/data/data-mic.ts";
import { reconstruct32BitCounter } from "../../../lorawan/data/frame-counter.ts";
import { cipherFOpts, cipherFrmPayload } from "../../../lorawan/data/payload-cipher.ts";
import { isRefusal, type Refusal, refusalOf, refuse } from "../refusal.ts";
import { FRAME_COUNTER_MAX, type Session } from "../session.ts";

/** A downlink that is the device's own, new and genuine, decrypted. */
export interface OpenedDownlink {
  readonly isConfirmed: boolean;
  readonly isAck: boolean;
  readonly isAdr: boolean;
  readonly fPending: boolean;
  /** NFCntDown or AFCntDown, 32 bits. */
  readonly fCntDown: number;
  /** Which of the two counters of 1.1 it is. */
  readonly isAFCntDown: boolean;
  /** MAC commands in clear, from FOpts or from FPort 0. */
  readonly macCommands: Uint8Array;
  /** Application data, when FPort is above 0. */
  readonly data?: { readonly fPort: number; readonly payload: Uint8Array };
}

/**
 * Checks and decrypts a downlink: counter, MIC, then the ciphers.
 *
 * @returns undefined for a frame to another address, which is nothing to report
 * @see LoRaWAN 1.1 §4.3.1.5, §4.4.1
 */
export function openDownlink(
  session: Session,
  phyPayload: Uint8Array,
): OpenedDownlink | Refusal | undefined {
  const frame = refusalOf(() => decodeDataFrame(phyPayload));
  if (isRefusal(frame)) return frame;
  if (frame.isUplink) return refuse("not-a-downlink");
  if (frame.devAddr !== session.devAddr) return undefined;
  const isAFCntDown = session.isLorawan11 && frame.fPort !== undefined && frame.fPort > 0;
  const last = isAFCntDown ? session.aFCntDown : session.nFCntDown;
  const fCntDown = verifiedCounter(session, { phyPayload, fCnt: frame.fCnt }, last);
  if (typeof fCntDown !== "number") return fCntDown;
  return { ...headerOf(frame), fCntDown, isAFCntDown, ...decrypt(session, frame, fCntDown) };
}

/**
 * The 32-bit counter of a genuine and new frame. One that is genuine under an older counter is a
 * replay; under neither, the MIC is wrong.
 */
function verifiedCounter(
  session: Session,
  frame: { readonly phyPayload: Uint8Array; readonly fCnt: number },
  last: number | null,
): number | Refusal {
  const counter = nextCounter(last, frame.fCnt);
  if (counter === undefined) return refuse("frame-counter-replayed");
  if (verifies(session, frame.phyPayload, counter)) return counter;
  const older = counter - 0x1_0000;
  const isReplay = older >= 0 && verifies(session, frame.phyPayload, older);
  return refuse(isReplay ? "frame-counter-replayed" : "mic-mismatch");
}

/** Undefined when the counter is used up: then nothing can be new. */
function nextCounter(last: number | null, fCnt16: number): number | undefined {
  const isUsedUp = last !== null && last + 0x1_0000 > FRAME_COUNTER_MAX;
  const isAbove = last !== null && fCnt16 > last % 0x1_0000;
  return isUsedUp && !isAbove ? undefined : reconstruct32BitCounter(last ?? undefined, fCnt16);
}

function verifies(session: Session, phyPayload: Uint8Array, fCntDown: number): boolean {
  const { keys } = session;
  if (!session.isLorawan11) {
    return verifyDataMic10({ phyPayload, fCnt32: fCntDown, nwkSKey: keys.fNwkSIntKey });
  }
  // An ACK is for the last uplink that was sent.
  const confFCnt = Math.max(0, session.fCntUp - 1);
  return verifyDownlinkMic11({ phyPayload, fCntDown, confFCnt, sNwkSIntKey: keys.sNwkSIntKey });
}

function headerOf(frame: DataFrame & DownlinkDataFields) {
  const { adr, ack, fPending } = frame.fCtrl;
  return { isConfirmed: frame.isConfirmed, isAck: ack, isAdr: adr, fPending };
}

function decrypt(
  session: Session,
  frame: DownlinkDataFields,
  fCnt32: number,
): Pick<OpenedDownlink, "macCommands" | "data"> {
  const { keys, devAddr } = session;
  const cipher = { direction: "down" as const, devAddr, fCnt32 };
  const aFCnt = frame.fPort !== undefined && frame.fPort > 0;
  const fOpts = session.isLorawan11
    ? cipherFOpts({ ...cipher, nwkSEncKey: keys.nwkSEncKey, aFCnt, fOpts: frame.fOpts })
    : frame.fOpts;
  const payload = (key: Aes128Key) =>
    cipherFrmPayload({ ...cipher, key, payload: frame.frmPayload });
  if (frame.fPort === undefined) return { macCommands: fOpts };
  if (frame.fPort === 0) return { macCommands: payload(keys.nwkSEncKey) };
  return { macCommands: fOpts, data: { fPort: frame.fPort, payload: payload(keys.appSKey) } };
}
