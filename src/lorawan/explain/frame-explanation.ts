import type { Aes128Key } from "../../crypto/aes128.ts";
import type { Direction } from "../direction.ts";
import type { Eui64 } from "../identifiers.ts";

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** What is known about the MIC of a frame. */
export interface MicExplanation {
  /** 8 hex digits; absent where it is encrypted and no key is given. */
  readonly value?: string;
  readonly status: "ok" | "mismatch" | "not checked";
  /** Which rule and keys were tried, or what is missing to try one. */
  readonly detail: string;
}

/** A frame in words, for people and for JSON. */
export interface FrameExplanation {
  /** As in LoRaWAN 1.1 §4.2.1, table 1. */
  readonly messageType: string;
  readonly lengthBytes: number;
  /** Every field by its name in the specification, in wire order; bytes as hex, as on air. */
  readonly fields: JsonObject;
  /** Absent in a proprietary frame, whose format is unknown. */
  readonly mic?: MicExplanation;
  /** The encrypted fields for which a key was given, in clear. A wrong key gives nonsense: see `mic`. */
  readonly decrypted?: JsonObject;
  /** What the hook said about the MAC commands that are in clear. */
  readonly macCommands?: JsonValue;
}

interface SessionContext {
  readonly appSKey?: Aes128Key;
  /** The full counter; without it the 16 bits of the frame are taken for the whole. */
  readonly fCnt32?: number;
}

export interface SessionContext10 extends SessionContext {
  readonly version: "1.0";
  readonly nwkSKey?: Aes128Key;
}

export interface SessionContext11 extends SessionContext {
  readonly version: "1.1";
  readonly fNwkSIntKey?: Aes128Key;
  readonly sNwkSIntKey?: Aes128Key;
  readonly nwkSEncKey?: Aes128Key;
  /** Counter of the frame that this one acknowledges; 0 if not given. */
  readonly confFCnt?: number;
  /** Both are needed to check the MIC of an uplink. */
  readonly txDr?: number;
  readonly txCh?: number;
}

/** What one knows about the device and the session: the more, the more is explained. */
export interface ExplainContext {
  /** AppKey of a 1.0.x device, NwkKey of a 1.1 device. */
  readonly rootKey?: Aes128Key;
  /** With a 1.1 root key it gives JSIntKey and JSEncKey. */
  readonly devEui?: Eui64;
  readonly jsIntKey?: Aes128Key;
  readonly jsEncKey?: Aes128Key;
  /** Of the request that a Join-accept answers; `devNonce` may be an RJcount. */
  readonly joinEui?: Eui64;
  readonly devNonce?: number;
  readonly session?: SessionContext10 | SessionContext11;
  /** Turns MAC commands in clear into something readable; without it they stay hex. */
  readonly explainMacCommands?: (commands: Uint8Array, direction: Direction) => JsonValue;
}

export function checkedMic(mic: string, isOk: boolean, detail: string): MicExplanation {
  return { value: mic, status: isOk ? "ok" : "mismatch", detail };
}

export function uncheckedMic(mic: string, detail: string): MicExplanation {
  return { value: mic, status: "not checked", detail };
}
