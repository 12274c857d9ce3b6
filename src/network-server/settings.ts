import type { LabelledKek } from "../backend/key-envelope.ts";
import type { NetId } from "../lorawan/identifiers.ts";
import type { Region } from "../lorawan/region/region.ts";
import type { RootKeyLimits, SessionLimits } from "./store.ts";

/** How often an end-device must rejoin by itself (RejoinParamSetupReq, LoRaWAN 1.1 §5.14). */
export interface RejoinParameters {
  /** T: at least once in 2^(T+10) seconds, the session key period of Han and Wang; 0..15. */
  readonly maxTimeN: number;
  /** C: at least once in 2^(C+4) uplinks; 0..15. */
  readonly maxCountN: number;
}

/** When this server asks for new keys without being told to. */
export interface KeyPolicy {
  readonly rootKeys: RootKeyLimits;
  readonly sessions: SessionLimits;
  /** After a `Deferred`, a refusal or no answer, the Join Server is left alone this long. */
  readonly rootKeyRetryMs: number;
  /** Sent once to every new 1.1 session. */
  readonly rejoinParameters: RejoinParameters | undefined;
  /** How old the last DevStatusAns may be; 0 never asks. */
  readonly deviceStatusAfterMs: number;
}

/** Everything an operator decides about one Network Server. */
export interface NetworkServerSettings {
  readonly netId: NetId;
  readonly region: Region;
  /** Seconds from an uplink to RX1 that a Join-accept asks for, 1..15. */
  readonly rxDelaySeconds: number;
  readonly deduplicationMs: number;
  /** Keys under which the Join Server may wrap network session keys. Without any it sends them in clear. */
  readonly keks: readonly LabelledKek[];
  readonly policy: KeyPolicy;
  /** Whether it takes part in root key updates. Without, their commands are unknown ones to it. */
  readonly relaysRootKeys: boolean;
}
