import { WarrenError } from "../../errors.ts";
import { FRAGMENT_COUNT, splitIntoFragments, updateIdBitsOf } from "../../root-key/fragments.ts";
import { CID_NEW_KEY_READY, CID_ROOT_KEY_FRAGMENT } from "../../root-key/mac-commands.ts";
import {
  decodeRootKeyDownlink,
  decodeRootKeyUplink,
  type RootKeyUplink,
} from "../../root-key/messages.ts";
import type { Device, RootKeyCommand } from "../session/device.ts";

/** A RootKeyUpdateReq is repeated with every downlink opportunity, but not for ever. */
const UPDATE_REPEATS = 16;
/**
 * A device that has heard the answer leaves the session, so repetitions go to those only that have not; by
 * itself a device asks more and more seldom.
 */
const ANSWER_REPEATS = 8;

/**
 * Puts a command of the Join Server in line for the device. There is one place: a newer command replaces
 * the older one, as only the newest UpdateID counts; an answer that comes after the request of a later update is
 * dropped.
 *
 * @throws WarrenError `frame-…` unless the octets are one root key command from a Join Server, and whole
 */
export function setRootKeyCommand(device: Device, octets: Uint8Array): Device {
  const decoded = decodeRootKeyDownlink(octets);
  if (decoded.command === "RootKeyFragment") {
    throw new WarrenError("frame-malformed", "the Join Server gives whole messages");
  }
  const { command, updateId } = decoded;
  const pending = device.rootKeyCommand;
  const isAnswer = command === "NewKeyReadyAns";
  const waitsForDevice = pending !== undefined && pending.cid !== CID_NEW_KEY_READY;
  if (isAnswer && waitsForDevice && updateId < pending.updateId) return device;
  const repeatsLeft = isAnswer ? ANSWER_REPEATS : UPDATE_REPEATS;
  const cid = octets[0] as number;
  return { ...device, rootKeyCommand: { cid, updateId, octets, repeatsLeft, nextFragment: 0 } };
}

/**
 * What the next frame can carry of a command: all of it when that fits, else the next of its fragments.
 *
 * @param roomBytes for the whole command; less than a fragment's length is as good as that
 */
export function nextRootKeyOctets(command: RootKeyCommand, roomBytes: number): Uint8Array {
  const { octets, nextFragment } = command;
  return octets.length <= roomBytes
    ? octets
    : (splitIntoFragments(octets)[nextFragment] as Uint8Array);
}

/** A command came up: what it answers need not be repeated. Malformed octets answer nothing. */
export function settleRootKeyCommand(device: Device, octets: Uint8Array): Device {
  const pending = device.rootKeyCommand;
  if (pending === undefined || pending.cid === CID_NEW_KEY_READY) return device;
  const answer = decodeOrUndefined(octets);
  return answer !== undefined && isOfUpdate(answer, pending.updateId)
    ? { ...device, rootKeyCommand: undefined }
    : device;
}

/** A fragment of an answer shows that the request arrived, as far as its three bits of UpdateID tell. */
function isOfUpdate(answer: RootKeyUplink, updateId: number): boolean {
  return answer.command === "RootKeyFragment"
    ? answer.updateIdBits === updateIdBitsOf(updateId)
    : answer.updateId === updateId;
}

/**
 * The command, or a fragment of it, has been put into a frame. All fragments one after the other are one
 * transmission.
 */
export function countRootKeyTransmission(device: Device, sent: Uint8Array, now: number): Device {
  const pending = device.rootKeyCommand;
  if (pending === undefined) return device;
  const isFragment = sent[0] === CID_ROOT_KEY_FRAGMENT;
  const nextFragment = isFragment ? (pending.nextFragment + 1) % FRAGMENT_COUNT : 0;
  const repeatsLeft = pending.repeatsLeft - (nextFragment === 0 ? 1 : 0);
  return {
    ...device,
    rootKeyCommand: repeatsLeft > 0 ? { ...pending, repeatsLeft, nextFragment } : undefined,
    rootKeyUsage:
      pending.cid === CID_NEW_KEY_READY
        ? { ...device.rootKeyUsage, newKeysRelayedAt: now }
        : device.rootKeyUsage,
  };
}

function decodeOrUndefined(octets: Uint8Array): RootKeyUplink | undefined {
  try {
    return decodeRootKeyUplink(octets);
  } catch (error) {
    if (error instanceof WarrenError) return undefined;
    throw error;
  }
}
