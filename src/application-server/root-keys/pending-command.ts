import type { Eui64 } from "../../lorawan/identifiers.ts";
import {
  type CarriedCommand,
  countTransmission,
  newCarriedCommand,
  nextOctets,
  REQUEST_TRANSMISSIONS,
} from "../../root-key/carriage.ts";
import { FRAGMENT_BYTES } from "../../root-key/fragments.ts";

/** Unanswered requests in one frame after which it goes in fragments: a Network Server may drop in silence. */
const WHOLE_TRANSMISSIONS = 4;

/** A command of the Join Server that waits for a device, and how its payloads go down. */
export interface PendingCommand extends CarriedCommand {
  readonly devEui: Eui64;
  /** Whether it goes down in fragments, if it is longer than one. */
  readonly isSplit: boolean;
  /** The downlink that last carried it. */
  readonly downlinkId: string | undefined;
}

/**
 * A command that has just come from the Join Server.
 *
 * @throws WarrenError `frame-…` unless the octets are one whole root key command for a device
 */
export function newPendingCommand(devEui: Eui64, octets: Uint8Array): PendingCommand {
  return { ...newCarriedCommand(octets), devEui, isSplit: false, downlinkId: undefined };
}

/** The payload of the next downlink, and the command after it; undefined when it went down often enough. */
export function nextTransmission(
  pending: PendingCommand,
): { readonly payload: Uint8Array; readonly pending: PendingCommand } | undefined {
  const { isSplit, repeatsLeft } = pending;
  if (repeatsLeft === 0) return undefined;
  const isWhole = !isSplit && REQUEST_TRANSMISSIONS - repeatsLeft < WHOLE_TRANSMISSIONS;
  const payload = nextOctets(pending, isWhole ? pending.octets.length : FRAGMENT_BYTES);
  return { payload, pending: countTransmission(pending, payload) };
}

/** The command as it goes on when no frame of the device takes it as a whole. */
export function splitCommand(pending: PendingCommand): PendingCommand {
  return pending.isSplit ? pending : { ...pending, isSplit: true, nextFragment: 0 };
}
