import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { splitIntoFragments, updateIdBitsOf } from "../../root-key/fragments.ts";
import { decodeRootKeyDownlink, type RootKeyUplink } from "../../root-key/messages.ts";

/** A request is repeated with every uplink of the device, but not for ever. */
const REQUEST_ROUNDS = 16;
/**
 * A device that has heard the answer leaves its session, which ends the repetitions; by itself a device asks
 * more and more seldom.
 */
const ANSWER_ROUNDS = 8;
/** Unanswered requests in one frame after which it goes in fragments: a Network Server may drop in silence. */
const WHOLE_ROUNDS = 4;

/**
 * A command of the Join Server that waits for the device. There is one place for each device: a newer command
 * replaces the older one, as only the newest UpdateID counts.
 */
export interface PendingCommand {
  readonly devEui: Eui64;
  /** As the Join Server gave it, command identifier included. */
  readonly macCommand: Uint8Array;
  /** NewKeyReadyAns, until the device is in another session; false: RootKeyUpdateReq, until it has answered. */
  readonly isAnswer: boolean;
  readonly updateId: number;
  /** How often it may still go down; all fragments together are once. */
  readonly roundsLeft: number;
  /** Whether it goes down in fragments, if it is longer than one. */
  readonly isSplit: boolean;
  readonly nextFragment: number;
  /** The downlink that last carried it. */
  readonly downlinkId: string | undefined;
}

/**
 * A command that has just come from the Join Server.
 *
 * @throws WarrenError `frame-…` unless the octets are one whole root key command for a device
 */
export function newPendingCommand(devEui: Eui64, macCommand: Uint8Array): PendingCommand {
  const decoded = decodeRootKeyDownlink(macCommand);
  if (decoded.command === "RootKeyFragment") {
    throw new WarrenError("frame-malformed", "the Join Server gives whole messages");
  }
  const isAnswer = decoded.command === "NewKeyReadyAns";
  return {
    devEui,
    macCommand,
    isAnswer,
    updateId: decoded.updateId,
    roundsLeft: isAnswer ? ANSWER_ROUNDS : REQUEST_ROUNDS,
    isSplit: false,
    nextFragment: 0,
    downlinkId: undefined,
  };
}

/** The payload of the next downlink, and the command after it; undefined when it went down often enough. */
export function nextTransmission(
  pending: PendingCommand,
): { readonly payload: Uint8Array; readonly pending: PendingCommand } | undefined {
  if (pending.roundsLeft === 0) return undefined;
  const isSplit = pending.isSplit || REQUEST_ROUNDS - pending.roundsLeft >= WHOLE_ROUNDS;
  const parts = isSplit ? splitIntoFragments(pending.macCommand) : [pending.macCommand];
  const payload = parts[pending.nextFragment % parts.length] as Uint8Array;
  const nextFragment = (pending.nextFragment + 1) % parts.length;
  return {
    payload,
    pending: {
      ...pending,
      nextFragment,
      roundsLeft: nextFragment === 0 ? pending.roundsLeft - 1 : pending.roundsLeft,
    },
  };
}

/** The command as it goes on when no frame of the device takes it as a whole. */
export function splitCommand(pending: PendingCommand): PendingCommand {
  return pending.isSplit ? pending : { ...pending, isSplit: true, nextFragment: 0 };
}

/** Whether the device has answered the request: then it need not be repeated. */
export function isSettledBy(pending: PendingCommand, uplink: RootKeyUplink): boolean {
  if (pending.isAnswer) return false;
  return uplink.command === "RootKeyFragment"
    ? uplink.updateIdBits === updateIdBitsOf(pending.updateId)
    : uplink.updateId === pending.updateId;
}

/** Whether `waiting` is the request of a later update than the answer `command` belongs to. */
export function isOvertakenBy(waiting: PendingCommand, command: PendingCommand): boolean {
  return command.isAnswer && !waiting.isAnswer && command.updateId < waiting.updateId;
}
