import { WarrenError } from "../errors.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import { hexMember, type Members } from "./members.ts";

/**
 * Messages of the root key update between servers, in the style of TS002
 * (root-key-update.md §3, "Between servers"). `macCommand` is the octets on air, command identifier
 * included; this layer never looks inside.
 */
export const UPDATE_REASONS = ["age", "sessions", "frames", "event", "operator"] as const;

/** Why a server that carries updates asks for one. */
export type UpdateReason = (typeof UPDATE_REASONS)[number];

/** RootKeyUpdateReq NS or AS -> JS: the server asks; the Join Server decides. */
export interface RootKeyUpdateAsk {
  readonly devEui: Eui64;
  readonly reason: UpdateReason;
  /** How many frames it has carried since the current generation began. */
  readonly frames?: number;
}

/** RootKeyUpdateAns JS -> NS or AS: the request to send down. */
export interface RootKeyUpdateAns {
  readonly updateId: number;
  readonly macCommand: Uint8Array;
}

/**
 * RootKeyUpdateReq JS -> NS or AS (a start by the Join Server itself) and RootKeyCommandReq NS or AS -> JS
 * (a command that came up).
 */
export interface RootKeyCommand {
  readonly devEui: Eui64;
  readonly macCommand: Uint8Array;
  /** Upwards: the gateway that heard the device best. */
  readonly gatewayId?: Eui64;
  /** The application port it goes over, 1..223, where an Application Server carries it. */
  readonly fPort?: number;
}

const MAX_FRAMES = 2 ** 48;

/** RootKeyCommandAns: what to send down, if anything. */
export interface RootKeyCommandAns {
  readonly macCommand?: Uint8Array;
}

export function encodeRootKeyUpdateAsk(ask: RootKeyUpdateAsk): Record<string, unknown> {
  return {
    DevEUI: ask.devEui,
    Reason: ask.reason,
    ...(ask.frames !== undefined && { Frames: ask.frames }),
  };
}

/** @throws WarrenError `request-malformed` */
export function decodeRootKeyUpdateAsk(members: Members): RootKeyUpdateAsk {
  const text = members.text("Reason");
  const reason = UPDATE_REASONS.find((known) => known === text);
  if (reason === undefined) {
    throw new WarrenError("request-malformed", `Reason: one of ${UPDATE_REASONS.join(", ")}`);
  }
  return {
    devEui: members.eui64("DevEUI"),
    reason,
    ...(members.has("Frames") && { frames: members.integer("Frames", MAX_FRAMES) }),
  };
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
  const { gatewayId, fPort } = command;
  return {
    DevEUI: command.devEui,
    MACCommand: hexMember(command.macCommand),
    ...(gatewayId !== undefined && { GatewayID: gatewayId }),
    ...(fPort !== undefined && { FPort: fPort }),
  };
}

/** @throws WarrenError `request-malformed` */
export function decodeRootKeyCommand(members: Members): RootKeyCommand {
  return {
    devEui: members.eui64("DevEUI"),
    macCommand: members.bytes("MACCommand"),
    ...(members.has("GatewayID") && { gatewayId: members.eui64("GatewayID") }),
    ...(members.has("FPort") && { fPort: members.integer("FPort", 255) }),
  };
}

export function encodeRootKeyCommandAns(answer: RootKeyCommandAns): Record<string, unknown> {
  return answer.macCommand === undefined ? {} : { MACCommand: hexMember(answer.macCommand) };
}

/** @throws WarrenError `request-malformed` */
export function decodeRootKeyCommandAns(members: Members): RootKeyCommandAns {
  return members.has("MACCommand") ? { macCommand: members.bytes("MACCommand") } : {};
}
