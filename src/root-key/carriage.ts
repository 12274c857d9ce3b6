import { WarrenError } from "../errors.ts";
import { FRAGMENT_COUNT, splitIntoFragments, updateIdBitsOf } from "./fragments.ts";
import { CID_ROOT_KEY_FRAGMENT } from "./mac-commands.ts";
import { decodeRootKeyDownlink, decodeRootKeyUplink, type RootKeyUplink } from "./messages.ts";

// How a server that carries updates (root-key-update.md §3, "Carriers") takes the Join Server's commands down.
// It has no keys: it goes by the UpdateID alone.

/** A RootKeyUpdateReq goes down with every opportunity until the device has answered, but not for ever. */
export const REQUEST_TRANSMISSIONS = 16;
/**
 * A device that has heard the NewKeyReadyAns leaves its session, so repetitions go to those only that have not;
 * by itself a device asks more and more seldom.
 */
const ANSWER_TRANSMISSIONS = 8;

/**
 * A command of the Join Server that waits for the device. There is one place for each device: a newer command
 * replaces the older one, as only the newest UpdateID counts.
 */
export interface CarriedCommand {
  /** As the Join Server gave it, command identifier included. */
  readonly octets: Uint8Array;
  readonly updateId: number;
  /** NewKeyReadyAns; false: RootKeyUpdateReq. */
  readonly isAnswer: boolean;
  /** Transmissions to go; all fragments together are one. */
  readonly repeatsLeft: number;
  /** Index of the fragment that goes next, where the whole command does not fit. */
  readonly nextFragment: number;
}

/**
 * A command that has just come from the Join Server.
 *
 * @throws WarrenError `frame-…` unless the octets are one root key command for a device, and whole
 */
export function newCarriedCommand(octets: Uint8Array): CarriedCommand {
  const decoded = decodeRootKeyDownlink(octets);
  if (decoded.command === "RootKeyFragment") {
    throw new WarrenError("frame-malformed", "the Join Server gives whole messages");
  }
  const isAnswer = decoded.command === "NewKeyReadyAns";
  return {
    octets,
    updateId: decoded.updateId,
    isAnswer,
    repeatsLeft: isAnswer ? ANSWER_TRANSMISSIONS : REQUEST_TRANSMISSIONS,
    nextFragment: 0,
  };
}

/** Whether `late` is an answer that comes after the request of a later update: it is of no use any more. */
export function isOvertaken(late: CarriedCommand, waiting: CarriedCommand | undefined): boolean {
  return (
    waiting !== undefined && late.isAnswer && !waiting.isAnswer && late.updateId < waiting.updateId
  );
}

/**
 * What the next frame carries of a command: all of it when that fits, else the next of its fragments.
 *
 * @param roomBytes for the whole command; less than a fragment's length is as good as that
 */
export function nextOctets(command: CarriedCommand, roomBytes: number): Uint8Array {
  const { octets, nextFragment } = command;
  return octets.length <= roomBytes
    ? octets
    : (splitIntoFragments(octets)[nextFragment] as Uint8Array);
}

/** A command after `sent`, which is all of it or a fragment, has been put into a frame. */
export function countTransmission<T extends CarriedCommand>(command: T, sent: Uint8Array): T {
  const isFragment = sent[0] === CID_ROOT_KEY_FRAGMENT;
  const nextFragment = isFragment ? (command.nextFragment + 1) % FRAGMENT_COUNT : 0;
  const repeatsLeft = command.repeatsLeft - (nextFragment === 0 ? 1 : 0);
  return { ...command, repeatsLeft, nextFragment };
}

/** What came up, undefined when it is no root key command. */
export function readRootKeyUplink(octets: Uint8Array): RootKeyUplink | undefined {
  try {
    return decodeRootKeyUplink(octets);
  } catch (error) {
    if (error instanceof WarrenError) return undefined;
    throw error;
  }
}

/**
 * Whether an uplink shows that the request has arrived: then it need not be repeated. A fragment shows it as far
 * as its three bits of UpdateID tell. A NewKeyReadyAns is not answered: only another session shows that it came.
 */
export function isSettledBy(command: CarriedCommand, uplink: RootKeyUplink): boolean {
  if (command.isAnswer) return false;
  return uplink.command === "RootKeyFragment"
    ? uplink.updateIdBits === updateIdBitsOf(command.updateId)
    : uplink.updateId === command.updateId;
}
