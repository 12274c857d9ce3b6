import type { UpdateReason } from "../../backend/root-key-messages.ts";
import type { Device } from "../session/device.ts";
import type { RootKeyLimits } from "../store.ts";

/**
 * How long a device may take to join under new keys that it has confirmed, before it counts as one that
 * needs an update again. Asking earlier would make the Join Server drop keys the device is about to use.
 */
const SWITCHING_MS = 3_600_000;

/** The first limit that the root keys of a device have reached, if any. */
export function updateReason(
  device: Device,
  limits: RootKeyLimits,
  now: number,
): UpdateReason | undefined {
  const { since, frames, sessions, newKeysRelayedAt, askNotBefore } = device.rootKeyUsage;
  const isSwitching = newKeysRelayedAt !== undefined && now < newKeysRelayedAt + SWITCHING_MS;
  if (now < askNotBefore || isSwitching || device.rootKeyCommand !== undefined) return undefined;
  if (limits.afterMs > 0 && since !== undefined && now - since >= limits.afterMs) return "age";
  if (limits.afterSessions > 0 && sessions >= limits.afterSessions) return "sessions";
  if (limits.afterFrames > 0 && frames >= limits.afterFrames) return "frames";
  return undefined;
}
