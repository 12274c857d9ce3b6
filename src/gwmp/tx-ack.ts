import { JsonMembers, present } from "./json-members.ts";

/** The errors that a gateway reports by the protocol text. Gateways may know others. */
export const TxError = {
  /** It was already too late to program the frame. */
  TooLate: "TOO_LATE",
  /** The time is too far ahead, or in the past: `tmst` wraps, so a gateway cannot tell. */
  TooEarly: "TOO_EARLY",
  CollisionPacket: "COLLISION_PACKET",
  CollisionBeacon: "COLLISION_BEACON",
  TxFreq: "TX_FREQ",
  /** An error in old gateways; since revision 1.5 of the protocol a warning. */
  TxPower: "TX_POWER",
  GpsUnlocked: "GPS_UNLOCKED",
} as const;
export type TxError = (typeof TxError)[keyof typeof TxError];

/** How a gateway answers a PULL_RESP. It accepted the frame unless there is an error. */
export interface TxResult {
  /** See `TxError`. */
  readonly error?: string;
  /** "TX_POWER": accepted, but sent with the power in `value`. */
  readonly warn?: string;
  /** What the warning is about; dBm for "TX_POWER". */
  readonly value?: number | string;
}

/**
 * Reads the body of a TX_ACK, undefined for none. No body, no "error" and the error "NONE" all mean
 * that the frame was accepted.
 *
 * @throws WarrenError `frame-malformed`
 * @see PROTOCOL.TXT sections 5.5 and 6; for `warn` and `value`, PROTOCOL.md of sx1302_hal, section 6
 */
export function decodeTxResult(json: unknown): TxResult {
  if (json === undefined) {
    return {};
  }
  const body = new JsonMembers(json, "body");
  const members = new JsonMembers(body.optional("txpk_ack"), "txpk_ack");
  const error = members.optionalString("error");
  return present({
    error: error === "NONE" ? undefined : error,
    warn: members.optionalString("warn"),
    value: readValue(members),
  });
}

/** The body for `JSON.stringify`, undefined when there is nothing to report. */
export function encodeTxResult(result: TxResult): object | undefined {
  return Object.keys(result).length === 0 ? undefined : { txpk_ack: result };
}

function readValue(members: JsonMembers): number | string | undefined {
  return typeof members.optional("value") === "string"
    ? members.optionalString("value")
    : members.optionalNumber("value");
}
