import type { KeyEnvelope } from "../../backend/key-envelope.ts";
import type { Aes128Key } from "../../crypto/aes128.ts";
import type { DevAddr } from "../../lorawan/identifiers.ts";

/** The session keys a Network Server holds; in a 1.0 session all three are NwkSKey. */
export interface NetworkSessionKeys {
  readonly fNwkSIntKey: Aes128Key;
  readonly sNwkSIntKey: Aes128Key;
  readonly nwkSEncKey: Aes128Key;
}

/** A confirmed downlink that the end-device has not answered yet. */
export interface AwaitedAck {
  readonly downlinkId: string;
  /** 32 bits; the answer's MIC covers the lower half as ConfFCnt. */
  readonly fCntDown: number;
}

/** The security context of one activation, with the counters that must never run backwards. */
export interface Session {
  /** Opaque name from the Join Server; `abp:<DevAddr>` for a personalized device. */
  readonly sessionKeyId: string;
  readonly devAddr: DevAddr;
  /** What OptNeg settled, not what the device could do. */
  readonly version: "1.0" | "1.1";
  /** What made it. With a Join-request the end-device has left every earlier session; with a rejoin not. */
  readonly origin: "join" | "rejoin" | "abp";
  readonly keys: NetworkSessionKeys;
  /** Wrapped for the Application Server; there is no way to open it here. */
  readonly appSKey?: KeyEnvelope;
  /** Seconds from the end of an uplink to RX1, 1..15. */
  readonly rxDelaySeconds: number;
  readonly rx1DrOffset: number;
  readonly rx2DataRate: number;
  /** Epoch ms of the Join-accept or of the first record of an ABP device. */
  readonly createdAt: number;
  /** 32-bit counter of the last valid uplink. */
  readonly fCntUp: number | undefined;
  /** The last valid uplink as on air: tells a repeated transmission from a replay. */
  readonly lastUplink: Uint8Array | undefined;
  /** How often the last valid uplink has come again. */
  readonly repetitionCount: number;
  /** The next NFCntDown, or in 1.0 the next FCntDown, which the Application Server draws from as well. */
  readonly nextFCntDown: number;
  /** The lowest counter an application downlink may still have: AFCntDown in 1.1, FCntDown in 1.0. */
  readonly lowestApplicationFCntDown: number;
  /** Counter of the last downlink of either kind. */
  readonly lastFCntDown: number | undefined;
  readonly awaitedAck: AwaitedAck | undefined;
  /** RJcount0 of the last valid Rejoin-request of type 0 or 2 (LoRaWAN 1.1 §6.2.4.1). */
  readonly rjCount0: number | undefined;
  /** Uplinks and downlinks under these keys. */
  readonly frameCount: number;
}

/** What a new session takes from its activation. */
export type NewSession = Pick<
  Session,
  | "sessionKeyId"
  | "devAddr"
  | "version"
  | "origin"
  | "keys"
  | "appSKey"
  | "rxDelaySeconds"
  | "rx1DrOffset"
  | "rx2DataRate"
  | "createdAt"
>;

/** A session before its first frame. */
export function startSession(activation: NewSession): Session {
  return {
    ...activation,
    fCntUp: undefined,
    lastUplink: undefined,
    repetitionCount: 0,
    nextFCntDown: 0,
    lowestApplicationFCntDown: 0,
    lastFCntDown: undefined,
    awaitedAck: undefined,
    rjCount0: undefined,
    frameCount: 0,
  };
}
