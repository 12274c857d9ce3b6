import type { Aes128Key } from "../../crypto/aes128.ts";
import { ByteWriter } from "../byte-writer.ts";
import { computeMic } from "../frame-mic.ts";
import type { Eui64 } from "../identifiers.ts";

/** What a Join-accept answers; the 1.1 MIC binds it. @see LoRaWAN 1.1 §6.2.3, table 13 */
export const JoinReqType = {
  RejoinRequest0: 0x00,
  RejoinRequest1: 0x01,
  RejoinRequest2: 0x02,
  JoinRequest: 0xff,
} as const;
export type JoinReqType = (typeof JoinReqType)[keyof typeof JoinReqType];

/** OptNeg unset: the MIC covers the accept alone, so it does not show which request is answered. */
export interface JoinAcceptMic10 {
  readonly scheme: "1.0";
  /** AppKey of a 1.0.x device, NwkKey of a 1.1 device. */
  readonly key: Aes128Key;
}

/** OptNeg set: the MIC binds the accept to the request that it answers. */
export interface JoinAcceptMic11 {
  readonly scheme: "1.1";
  readonly jsIntKey: Aes128Key;
  readonly joinReqType: JoinReqType;
  readonly joinEui: Eui64;
  /** DevNonce of the Join-request, or the RJcount of the Rejoin-request. */
  readonly devNonce: number;
}

export type JoinAcceptMic = JoinAcceptMic10 | JoinAcceptMic11;

/**
 * The four bytes of MIC of a Join-accept.
 *
 * | 1.0 |                                  MHDR | JoinNonce .. CFList |
 * | 1.1 | JoinReqType 1 | JoinEUI 8 | DevNonce 2 | MHDR | JoinNonce .. CFList |  little-endian
 *
 * @param message the accept in clear from MHDR to CFList, without MIC
 * @throws WarrenError `value-out-of-range`, `text-malformed`
 * @see LoRaWAN 1.1 §6.2.3
 */
export function computeJoinAcceptMic(message: Uint8Array, mic: JoinAcceptMic): Uint8Array {
  if (mic.scheme === "1.0") {
    return computeMic(mic.key, message);
  }
  const request = new ByteWriter()
    .uint8(mic.joinReqType, "JoinReqType")
    .eui64(mic.joinEui)
    .uint16(mic.devNonce, "DevNonce")
    .toBytes();
  return computeMic(mic.jsIntKey, request, message);
}
