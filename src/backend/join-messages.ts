import { WarrenError } from "../errors.ts";
import { type DevAddr, type Eui64, parseEui64 } from "../lorawan/identifiers.ts";
import { type MacVersion, parseMacVersion } from "../lorawan/mac-version.ts";
import { decodeKeyEnvelope, encodeKeyEnvelope, type KeyEnvelope } from "./key-envelope.ts";
import { hexMember, type Members, stripHexPrefix } from "./members.ts";

/** JoinReq and RejoinReq: a Network Server passes on a join or rejoin with what it decided. */
export interface JoinReq {
  readonly macVersion: MacVersion;
  /** The whole frame as received, MIC included. */
  readonly phyPayload: Uint8Array;
  readonly devEui: Eui64;
  readonly devAddr: DevAddr;
  /** One byte; bit 7 is OptNeg, which decides the key derivation. */
  readonly dlSettings: number;
  /** Seconds, 0..15. */
  readonly rxDelay: number;
  /** 16 bytes, or absent. */
  readonly cfList?: Uint8Array;
  /** The gateway that heard the device best. Not of TS002. */
  readonly gatewayId?: Eui64;
}

/** The network session keys of an answer: one for 1.0.x, three for 1.1. */
export type NetworkKeyEnvelopes =
  | { readonly nwkSKey: KeyEnvelope }
  | {
      readonly fNwkSIntKey: KeyEnvelope;
      readonly sNwkSIntKey: KeyEnvelope;
      readonly nwkSEncKey: KeyEnvelope;
    };

/** What JoinAns and RejoinAns carry on success. */
export interface JoinAns {
  /** The Join-accept, encrypted, ready to send. */
  readonly phyPayload: Uint8Array;
  /** Seconds the session may live; 0 says nothing about it. */
  readonly lifetime: number;
  readonly networkKeys: NetworkKeyEnvelopes;
  /** Wrapped for the Application Server; the Network Server can't open it. */
  readonly appSKey?: KeyEnvelope;
  /** Opaque name of the session. */
  readonly sessionKeyId?: string;
  /**
   * How many root key updates the device has behind it. Not of TS002: only for Network Servers that take
   * part in root key updates.
   */
  readonly rootKeyGeneration?: number;
  /**
   * After how many frames under one generation of root keys the Network Server is to ask for an update.
   * Not of TS002 either.
   */
  readonly rootKeyMaxFrames?: number;
}

/** A `JoinAns` as the members of JSON, but for the header. */
export type JoinAnsMembers = Readonly<Record<string, unknown>>;

const MAX_FRAMES = 2 ** 48;

export function encodeJoinReq(request: JoinReq): Record<string, unknown> {
  return {
    MACVersion: formatMacVersion(request.macVersion),
    PHYPayload: hexMember(request.phyPayload),
    DevEUI: request.devEui,
    DevAddr: request.devAddr,
    DLSettings: hexMember(Uint8Array.of(request.dlSettings)),
    RxDelay: request.rxDelay,
    ...(request.cfList !== undefined && { CFList: hexMember(request.cfList) }),
    ...(request.gatewayId !== undefined && { GatewayID: request.gatewayId }),
  };
}

/** @throws WarrenError `request-malformed` */
export function decodeJoinReq(members: Members): JoinReq {
  return {
    macVersion: decodeMacVersion(members.text("MACVersion")),
    phyPayload: members.bytes("PHYPayload"),
    devEui: members.eui64("DevEUI"),
    devAddr: members.devAddr("DevAddr"),
    dlSettings: members.bytes("DLSettings", 1)[0] as number,
    rxDelay: members.integer("RxDelay", 15),
    ...(members.has("CFList") && { cfList: members.bytes("CFList", 16) }),
    ...gatewayIdOf(members),
  };
}

/** TS002 has no such member, so what another server may mean by one is no reason to refuse its join. */
function gatewayIdOf(members: Members): Pick<JoinReq, "gatewayId"> {
  if (!members.hasText("GatewayID")) return {};
  const digits = stripHexPrefix(members.text("GatewayID"));
  return /^[0-9a-f]{16}$/i.test(digits) ? { gatewayId: parseEui64(digits) } : {};
}

export function encodeJoinAns(answer: JoinAns): JoinAnsMembers {
  const keys = answer.networkKeys;
  return {
    PHYPayload: hexMember(answer.phyPayload),
    Lifetime: answer.lifetime,
    ...("nwkSKey" in keys
      ? { NwkSKey: encodeKeyEnvelope(keys.nwkSKey) }
      : {
          FNwkSIntKey: encodeKeyEnvelope(keys.fNwkSIntKey),
          SNwkSIntKey: encodeKeyEnvelope(keys.sNwkSIntKey),
          NwkSEncKey: encodeKeyEnvelope(keys.nwkSEncKey),
        }),
    ...(answer.appSKey !== undefined && { AppSKey: encodeKeyEnvelope(answer.appSKey) }),
    ...(answer.sessionKeyId !== undefined && { SessionKeyID: answer.sessionKeyId }),
    ...(answer.rootKeyGeneration !== undefined && { RootKeyGeneration: answer.rootKeyGeneration }),
    ...(answer.rootKeyMaxFrames !== undefined && { RootKeyMaxFrames: answer.rootKeyMaxFrames }),
  };
}

/** @throws WarrenError `request-malformed` */
export function decodeJoinAns(members: Members): JoinAns {
  const envelope = (name: string): KeyEnvelope => decodeKeyEnvelope(members.object(name));
  return {
    phyPayload: members.bytes("PHYPayload"),
    lifetime: members.has("Lifetime") ? members.integer("Lifetime", 2 ** 32 - 1) : 0,
    networkKeys: members.has("NwkSKey")
      ? { nwkSKey: envelope("NwkSKey") }
      : {
          fNwkSIntKey: envelope("FNwkSIntKey"),
          sNwkSIntKey: envelope("SNwkSIntKey"),
          nwkSEncKey: envelope("NwkSEncKey"),
        },
    ...(members.has("AppSKey") && { appSKey: envelope("AppSKey") }),
    ...(members.has("SessionKeyID") && { sessionKeyId: members.text("SessionKeyID") }),
    ...(members.has("RootKeyGeneration") && {
      rootKeyGeneration: members.integer("RootKeyGeneration", 0xffff),
    }),
    ...(members.has("RootKeyMaxFrames") && {
      rootKeyMaxFrames: members.integer("RootKeyMaxFrames", MAX_FRAMES),
    }),
  };
}

/** The Things Stack refuses "1.0.0" and "1.1.0"; every stack takes the short forms. */
function formatMacVersion(version: MacVersion): string {
  if (version === "1.0.0") return "1.0";
  return version === "1.1.0" ? "1.1" : version;
}

function decodeMacVersion(text: string): MacVersion {
  try {
    return parseMacVersion(text);
  } catch (error) {
    throw new WarrenError("request-malformed", "MACVersion: not a version of LoRaWAN 1.0 or 1.1", {
      cause: error,
    });
  }
}
