import type { Eui64, NetId } from "../lorawan/identifiers.ts";
import { decodeKeyEnvelope, encodeKeyEnvelope, type KeyEnvelope } from "./key-envelope.ts";
import type { Members } from "./members.ts";

/** AppSKeyReq: an Application Server asks for the AppSKey of a session. */
export interface AppSKeyReq {
  readonly devEui: Eui64;
  /** Opaque; The Things Stack writes hex, others may not. */
  readonly sessionKeyId: string;
}

export interface AppSKeyAns extends AppSKeyReq {
  readonly appSKey: KeyEnvelope;
}

export function encodeAppSKeyReq(request: AppSKeyReq): Record<string, unknown> {
  return { DevEUI: request.devEui, SessionKeyID: request.sessionKeyId };
}

/** @throws WarrenError `request-malformed` */
export function decodeAppSKeyReq(members: Members): AppSKeyReq {
  return { devEui: members.eui64("DevEUI"), sessionKeyId: members.text("SessionKeyID") };
}

export function encodeAppSKeyAns(answer: AppSKeyAns): Record<string, unknown> {
  return { ...encodeAppSKeyReq(answer), AppSKey: encodeKeyEnvelope(answer.appSKey) };
}

/** @throws WarrenError `request-malformed` */
export function decodeAppSKeyAns(members: Members): AppSKeyAns {
  return {
    ...decodeAppSKeyReq(members),
    appSKey: decodeKeyEnvelope(members.object("AppSKey")),
  };
}

/** HomeNSReq: any Network Server asks which network a device belongs to. */
export interface HomeNsReq {
  readonly devEui: Eui64;
}

export interface HomeNsAns {
  readonly homeNetId: NetId;
}

export function encodeHomeNsReq(request: HomeNsReq): Record<string, unknown> {
  return { DevEUI: request.devEui };
}

/** @throws WarrenError `request-malformed` */
export function decodeHomeNsReq(members: Members): HomeNsReq {
  return { devEui: members.eui64("DevEUI") };
}

export function encodeHomeNsAns(answer: HomeNsAns): Record<string, unknown> {
  return { HNetID: answer.homeNetId };
}

/** @throws WarrenError `request-malformed` */
export function decodeHomeNsAns(members: Members): HomeNsAns {
  return { homeNetId: members.netId("HNetID") };
}
