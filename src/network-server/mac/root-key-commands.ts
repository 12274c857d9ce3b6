import {
  countTransmission,
  isOvertaken,
  isSettledBy,
  newCarriedCommand,
  readRootKeyUplink,
} from "../../root-key/carriage.ts";
import type { Device } from "../session/device.ts";

/**
 * Puts a command of the Join Server in line for the device, unless it is a late answer.
 *
 * @throws WarrenError `frame-…` unless the octets are one root key command from a Join Server, and whole
 */
export function setRootKeyCommand(device: Device, octets: Uint8Array): Device {
  const rootKeyCommand = newCarriedCommand(octets);
  return isOvertaken(rootKeyCommand, device.rootKeyCommand)
    ? device
    : { ...device, rootKeyCommand };
}

/** A command came up: what it answers need not be repeated. Malformed octets answer nothing. */
export function settleRootKeyCommand(device: Device, octets: Uint8Array): Device {
  const pending = device.rootKeyCommand;
  const uplink = readRootKeyUplink(octets);
  return pending !== undefined && uplink !== undefined && isSettledBy(pending, uplink)
    ? { ...device, rootKeyCommand: undefined }
    : device;
}

/**
 * The command, or a fragment of it, has been put into a frame.
 *
 * @param now epoch milliseconds
 */
export function countRootKeyTransmission(device: Device, sent: Uint8Array, now: number): Device {
  const pending = device.rootKeyCommand;
  if (pending === undefined) return device;
  const counted = countTransmission(pending, sent);
  return {
    ...device,
    rootKeyCommand: counted.repeatsLeft > 0 ? counted : undefined,
    rootKeyUsage: pending.isAnswer
      ? { ...device.rootKeyUsage, newKeysRelayedAt: now }
      : device.rootKeyUsage,
  };
}
