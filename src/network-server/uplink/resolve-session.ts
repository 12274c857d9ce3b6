import { equalBytes } from "../../crypto/constant-time.ts";
import { WarrenError } from "../../errors.ts";
import type { UplinkDataFields } from "../../lorawan/data/data-frame.ts";
import { verifyDataMic10, verifyUplinkMic11 } from "../../lorawan/data/data-mic.ts";
import { reconstruct32BitCounter } from "../../lorawan/data/frame-counter.ts";
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
  /** The same bytes as the last uplink, sent again because no answer came. */
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
      if (isRepetition(session, uplink.phyPayload)) {
        const fCntUp = session.fCntUp as number;
        return { device, slot, session, fCntUp, isRepetition: true };
      }
      const fCntUp = verifiedCounter(session, uplink);
      if (fCntUp !== undefined) return { device, slot, session, fCntUp, isRepetition: false };
    }
  }
  throw new WarrenError(
    "mic-mismatch",
    `no session of DevAddr ${uplink.frame.devAddr} verifies this uplink`,
  );
}

/** Its MIC was checked when it came first. */
function isRepetition(session: Session, phyPayload: Uint8Array): boolean {
  return session.lastUplink !== undefined && equalBytes(session.lastUplink, phyPayload);
}

function verifiedCounter(session: Session, uplink: UplinkToResolve): number | undefined {
  const fCntUp = nextCounter(session.fCntUp, uplink.frame.fCnt);
  if (fCntUp === undefined) return undefined;
  const { phyPayload } = uplink;
  if (session.version === "1.0") {
    const nwkSKey = session.keys.fNwkSIntKey;
    return verifyDataMic10({ phyPayload, fCnt32: fCntUp, nwkSKey }) ? fCntUp : undefined;
  }
  const { txDr, txCh } = uplink;
  if (txCh === undefined) return undefined;
  const { fNwkSIntKey, sNwkSIntKey } = session.keys;
  const verifies = confFCntCandidates(session, uplink.frame).some((confFCnt) =>
    verifyUplinkMic11({ phyPayload, fCntUp, confFCnt, txDr, txCh, fNwkSIntKey, sNwkSIntKey }),
  );
  return verifies ? fCntUp : undefined;
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
