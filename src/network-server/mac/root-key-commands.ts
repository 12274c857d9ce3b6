import { WarrenError } from "../../errors.ts";
import { CID_NEW_KEY_READY, CID_ROOT_KEY_UPDATE } from "../../root-key/mac-commands.ts";
import { decodeRootKeyDownlink, decodeRootKeyUplink } from "../../root-key/messages.ts";
import type { Device } from "../session/device.ts";

/** A RootKeyUpdateReq is repeated with every downlink opportunity, but not for ever. */
const UPDATE_REPEATS = 16;
/** The device repeats its NewKeyReadyReq until answered, and the Join Server its answer. */
const ANSWER_REPEATS = 1;
/**
 * Puts a command of the Join Server in line for the device. There is one place: a newer command replaces
 * the older one, as only the newest UpdateID counts.
 *
 * @throws WarrenError `frame-…` unless the octets are one root key command from a Join Server
 */
export function setRootKeyCommand(device: Device, octets: Uint8Array): Device {
  const decoded = decodeRootKeyDownlink(octets);
  if (decoded.command === "RootKeyFragment") {
    throw new WarrenError("frame-malformed", "the Join Server gives whole messages");
  }
  const { command, updateId } = decoded;
  const isAnswer = command === "NewKeyReadyAns";
  return {
    ...device,
    rootKeyCommand: {
      cid: isAnswer ? CID_NEW_KEY_READY : CID_ROOT_KEY_UPDATE,
      updateId,
      octets,
      repeatsLeft: isAnswer ? ANSWER_REPEATS : UPDATE_REPEATS,
    },
  };
}

/** A command came up: what it answers need not be repeated. Malformed octets answer nothing. */
export function settleRootKeyCommand(device: Device, octets: Uint8Array): Device {
  const pending = device.rootKeyCommand;
  if (pending?.cid !== CID_ROOT_KEY_UPDATE) return device;
  return pending.updateId === updateIdOf(octets)
    ? { ...device, rootKeyCommand: undefined }
    : device;
}

/** The command has been put into a frame. */
export function countRootKeyTransmission(device: Device, now: number): Device {
  const pending = device.rootKeyCommand;
  if (pending === undefined) return device;
  const repeatsLeft = pending.repeatsLeft - 1;
  return {
    ...device,
    rootKeyCommand: repeatsLeft > 0 ? { ...pending, repeatsLeft } : undefined,
    rootKeyUsage:
      pending.cid === CID_NEW_KEY_READY
        ? { ...device.rootKeyUsage, newKeysRelayedAt: now }
        : device.rootKeyUsage,
  };
}

function updateIdOf(octets: Uint8Array): number | undefined {
  try {
    const decoded = decodeRootKeyUplink(octets);
    return decoded.command === "RootKeyFragment" ? undefined : decoded.updateId;
  } catch (error) {
    if (error instanceof WarrenError) return undefined;
    throw error;
  }
}
