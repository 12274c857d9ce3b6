import type { MacVersion } from "../../../lorawan/mac-version.ts";
import type { Session } from "../session.ts";

/** Transmissions of a confirmed uplink where NbTrans does not say it (LoRaWAN 1.0.2 §18.1 gives no number). */
const CONFIRMED_TRANSMISSIONS = 8;

/**
 * How often one uplink is sent at most. NbTrans is for unconfirmed uplinks only until LoRaWAN 1.0.3
 * (1.0.2 §5.2), and for both from 1.0.4 and 1.1 (§5.3) on.
 */
export function transmissionsOf(
  version: MacVersion,
  session: Session,
  isConfirmed: boolean,
): number {
  const hasOwnNumber = isConfirmed && version !== "1.0.4" && version !== "1.1.0";
  return hasOwnNumber ? CONFIRMED_TRANSMISSIONS : session.radio.nbTrans;
}
