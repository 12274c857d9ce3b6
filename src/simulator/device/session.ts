import type { DevAddr, NetId } from "../../lorawan/identifiers.ts";
import type { SessionKeys } from "../../lorawan/keys/session-keys.ts";
import type { ProprietaryMacCommand } from "../../lorawan/mac-commands/mac-commands.ts";
import type { UplinkMacCommand } from "../../lorawan/mac-commands/uplink.ts";
import type { RadioSettings } from "./radio/radio-settings.ts";

/** A MAC command that the device sends. */
export type DeviceMacCommand = UplinkMacCommand | ProprietaryMacCommand;

/** One activation of a device, by a Join-accept or by personalization. */
export interface Session {
  readonly activation: "otaa" | "abp";
  /** Whether both ends follow LoRaWAN 1.1: a 1.1 device reverts to 1.0 when OptNeg is unset. */
  readonly isLorawan11: boolean;
  readonly devAddr: DevAddr;
  /** From the Join-accept; of no meaning to an ABP session. */
  readonly netId: NetId;
  /** Of the Join-accept that made this session; 0 in an ABP session. */
  readonly joinNonce: number;
  readonly keys: SessionKeys;
  /** FCntUp of the next uplink, 32 bits. */
  readonly fCntUp: number;
  /** Last valid NFCntDown, in 1.0 the last FCntDown of all; null before the first. */
  readonly nFCntDown: number | null;
  /** Last valid AFCntDown (1.1 only); null before the first. */
  readonly aFCntDown: number | null;
  /** Counter of the confirmed downlink that the next uplink acknowledges, if there is one. */
  readonly ackOf: number | null;
  /** RJcount0 of the next Rejoin-request of type 0 or 2. */
  readonly rjCount0: number;
  /** Whether RekeyInd, or ResetInd of an ABP device, goes into every uplink (1.1 only). */
  readonly isIndicating: boolean;
  /** Uplinks since the activation, as long as it counts for RekeyInd. */
  readonly uplinksIndicating: number;
  readonly uplinksSinceDownlink: number;
  readonly uplinksSinceRejoin: number;
  /** ADR_ACK_CNT of LoRaWAN 1.1 §4.3.1.1. */
  readonly adrAckCount: number;
  /** Answers that the next uplink carries once. */
  readonly answers: readonly DeviceMacCommand[];
  /** Answers that every uplink carries until a downlink is heard. */
  readonly repeatedAnswers: readonly DeviceMacCommand[];
  /** Answers to root key commands that came on the root key port: one uplink each, command identifier included. */
  readonly portAnswers: readonly Uint8Array[];
  readonly radio: RadioSettings;
}

/** What all sessions have when they start. */
export const freshSessionCounters = {
  fCntUp: 0,
  nFCntDown: null,
  aFCntDown: null,
  ackOf: null,
  rjCount0: 1,
  uplinksIndicating: 0,
  uplinksSinceDownlink: 0,
  uplinksSinceRejoin: 0,
  adrAckCount: 0,
  answers: [],
  repeatedAnswers: [],
  portAnswers: [],
} as const;

/** FCntUp and RJcounts may be used up to their last value, never beyond. */
export const FRAME_COUNTER_MAX = 0xffff_ffff;
export const RJ_COUNT_MAX = 0xffff;
