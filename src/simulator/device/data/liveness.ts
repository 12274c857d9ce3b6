import type { Session } from "../session.ts";

/** Uplinks without any downlink after which a device asks for one. */
const ASK_AFTER_UPLINKS = 8;
/** Uplinks that ask in vain before the session counts as dead. */
const ASK_TIMES = 8;

/**
 * Whether the next uplink should carry a LinkCheckReq. A session in which nothing was ever heard asks
 * from its first uplink on: after a replayed Join-accept of LoRaWAN 1.0.x, which is not bound to its
 * request, it is known to the device alone.
 */
export function mustAskForDownlink(session: Session): boolean {
  // RekeyInd and ResetInd ask for a downlink themselves.
  return !session.isIndicating && session.uplinksSinceDownlink >= patienceOf(session);
}

/** Whether the device gives the session up and joins again; only OTAA devices can. */
export function isSessionDead(session: Session): boolean {
  if (session.activation === "abp") return false;
  // LoRaWAN 1.1 §5.10: RekeyConf must come within ADR_ACK_LIMIT uplinks.
  const isRekeyOverdue =
    session.isIndicating && session.uplinksIndicating >= session.radio.adrAckLimit;
  return isRekeyOverdue || session.uplinksSinceDownlink >= patienceOf(session) + ASK_TIMES;
}

function patienceOf(session: Session): number {
  const hasHeard = session.nFCntDown !== null || session.aFCntDown !== null;
  return hasHeard ? ASK_AFTER_UPLINKS : 0;
}
