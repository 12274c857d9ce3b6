import { WarrenError } from "../errors.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import { hexMember, type Members } from "./members.ts";

/**
 * Messages of the root key update between servers, in the style of TS002
 * (root-key-update.md §3, "Between servers"). `macCommand` is the octets on air, command identifier
 * included; this layer never looks inside.
 */
export const UPDATE_REASONS = ["age", "sessions", "frames", "event", "operator"] as const;

/** Why a Network Server asks for an update. */
export type UpdateReason = (typeof UPDATE_REASONS)[number];

/** RootKeyUpdateReq NS -> JS: the Network Server asks; the Join Server decides. */
export interface RootKeyUpdateAsk {
  readonly devEui: Eui64;
  readonly reason: UpdateReason;
}

/** RootKeyUpdateAns JS -> NS: the request to send down. */
export interface RootKeyUpdateAns {
  readonly updateId: number;
  readonly macCommand: Uint8Array;
}

/**
 * RootKeyUpdateReq JS -> NS (a start by the Join Server itself) and RootKeyCommandReq NS -> JS (a
 * command that came up).
 */
export interface RootKeyCommand {
  readonly devEui: Eui64;
  readonly macCommand: Uint8Array;
}

/** RootKeyCommandAns: what to send down, if anything. */
export interface RootKeyCommandAns {
  readonly macCommand?: Uint8Array;
}

export function encodeRootKeyUpdateAsk(ask: RootKeyUpdateAsk): Record<string, unknown> {
  return { DevEUI: ask.devEui, Reason: ask.reason };
}

/** @throws WarrenError `request-malformed` */
export function decodeRootKeyUpdateAsk(members: Members): RootKeyUpdateAsk {
  const text = members.text("Reason");
  const reason = UPDATE_REASONS.find((known) => known === text);
  if (reason === undefined) {
    throw new WarrenError("request-malformed", `Reason: one of ${UPDATE_REASONS.join(", ")}`);
  }
  return { devEui: members.eui64("DevEUI"), reason };
}

export function encodeRootKeyUpdateAns(answer: RootKeyUpdateAns): Record<string, unknown> {
  return { UpdateID: answer.updateId, MACCommand: hexMember(answer.macCommand) };
}

/** @throws WarrenError `request-malformed` */
export function decodeRootKeyUpdateAns(members: Members): RootKeyUpdateAns {
  return {
    updateId: members.integer("UpdateID", 0xffff),
    macCommand: members.bytes("MACCommand"),
  };
}

export function encodeRootKeyCommand(command: RootKeyCommand): Record<string, unknown> {
  return { DevEUI: command.devEui, MACCommand: hexMember(command.macCommand) };
}

/** @throws WarrenError `request-malformed` */
export function decodeRootKeyCommand(members: Members): RootKeyCommand {
  return { devEui: members.eui64("DevEUI"), macCommand: members.bytes("MACCommand") };
}

export function encodeRootKeyCommandAns(answer: RootKeyCommandAns): Record<string, unknown> {
  return answer.macCommand === undefined ? {} : { MACCommand: hexMember(answer.macCommand) };
}

/** @throws WarrenError `request-malformed` */
export function decodeRootKeyCommandAns(members: Members): RootKeyCommandAns {
  return members.has("MACCommand") ? { macCommand: members.bytes("MACCommand") } : {};
}
