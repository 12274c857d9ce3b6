import { equalBytes } from "../../crypto/constant-time.ts";
import { WarrenError } from "../../errors.ts";
import type { UplinkDataFields } from "../../lorawan/data/data-frame.ts";
import { verifyDataMic10, verifyUplinkMic11 } from "../../lorawan/data/data-mic.ts";
import { reconstruct32BitCounter } from "../../lorawan/data/frame-counter.ts";
import { MIC_LENGTH_BYTES } from "../../lorawan/frame-mic.ts";
import type { Device } from "../session/device.ts";
import type { Session } from "../session/session.ts";

/** An uplink as far as its MIC needs it. */
export interface UplinkToResolve {
  readonly phyPayload: Uint8Array;
  readonly frame: UplinkDataFields;
  /** Index of the data rate of the transmission. */
  readonly txDr: number;
  /** Index of its channel; undefined when the frequency is none of the region's. */
  readonly txCh: number | undefined;
}

/** The one session an uplink belongs to, proven by its MIC. */
export interface ResolvedSession {
  readonly device: Device;
  readonly slot: "current" | "pending";
  readonly session: Session;
  /** 32 bits. */
  readonly fCntUp: number;
  /** The last uplink, sent again because no answer came. */
  readonly isRepetition: boolean;
}

/**
 * Finds the session under which the MIC of an uplink is right, among all with its DevAddr.
 *
 * @throws WarrenError `mic-mismatch` when there is none: a wrong key, an old counter, a replay
 */
export function resolveSession(
  devices: readonly Device[],
  uplink: UplinkToResolve,
): ResolvedSession {
  for (const device of devices) {
    for (const slot of ["current", "pending"] as const) {
      const session = device[slot];
      if (session?.devAddr !== uplink.frame.devAddr) continue;
      const { fCntUp: lastFCntUp } = session;
      if (lastFCntUp !== undefined && isRepetition(session, lastFCntUp, uplink)) {
        return { device, slot, session, fCntUp: lastFCntUp, isRepetition: true };
      }
      const fCntUp = nextCounter(lastFCntUp, uplink.frame.fCnt);
      if (fCntUp !== undefined && verifies(session, fCntUp, uplink)) {
        return { device, slot, session, fCntUp, isRepetition: false };
      }
    }
  }
  throw new WarrenError(
    "mic-mismatch",
    `no session of DevAddr ${uplink.frame.devAddr} verifies this uplink`,
  );
}

/**
 * The same bytes, whose MIC was checked when they came first; or, in 1.1, the same frame hopped to another
 * channel or data rate, which its MIC covers (LoRaWAN 1.1 §4.3.1.3, §4.4.2).
 */
function isRepetition(session: Session, lastFCntUp: number, uplink: UplinkToResolve): boolean {
  const { lastUplink } = session;
  if (lastUplink === undefined || uplink.frame.fCnt !== (lastFCntUp & 0xffff)) return false;
  const { phyPayload } = uplink;
  if (equalBytes(lastUplink, phyPayload)) return true;
  const isSameFrame = equalBytes(withoutMic(lastUplink), withoutMic(phyPayload));
  return isSameFrame && session.version === "1.1" && verifies(session, lastFCntUp, uplink);
}

function withoutMic(phyPayload: Uint8Array): Uint8Array {
  return phyPayload.subarray(0, -MIC_LENGTH_BYTES);
}

function verifies(session: Session, fCntUp: number, uplink: UplinkToResolve): boolean {
  const { phyPayload } = uplink;
  if (session.version === "1.0") {
    return verifyDataMic10({ phyPayload, fCnt32: fCntUp, nwkSKey: session.keys.fNwkSIntKey });
  }
  const { txDr, txCh } = uplink;
  if (txCh === undefined) return false;
  const { fNwkSIntKey, sNwkSIntKey } = session.keys;
  return confFCntCandidates(session, uplink.frame).some((confFCnt) =>
    verifyUplinkMic11({ phyPayload, fCntUp, confFCnt, txDr, txCh, fNwkSIntKey, sNwkSIntKey }),
  );
}

/** A used-up 32-bit counter ends the session as surely as a wrong MIC. */
function nextCounter(last: number | undefined, fCnt: number): number | undefined {
  return last !== undefined && last + ((fCnt - last) & 0xffff || 0x10000) > 0xffffffff
    ? undefined
    : reconstruct32BitCounter(last, fCnt);
}

/**
 * LoRaWAN 1.1 §4.4.2 means the counter of the confirmed downlink that is acknowledged; LoRaMac-node takes
 * that of the last downlink of either kind.
 */
function confFCntCandidates(session: Session, frame: UplinkDataFields): readonly number[] {
  if (!frame.fCtrl.ack) return [0];
  const counters = [session.awaitedAck?.fCntDown, session.lastFCntDown];
  const known = counters.filter((counter) => counter !== undefined);
  return known.length === 0 ? [0] : [...new Set(known)];
}
