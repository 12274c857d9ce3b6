import type { UpdateReason } from "../../backend/root-key-messages.ts";
import type { Device } from "../session/device.ts";
import type { RootKeyLimits } from "../store.ts";

/** The first limit that the root keys of a device have reached, if any. */
export function updateReason(
  device: Device,
  limits: RootKeyLimits,
  now: number,
): UpdateReason | undefined {
  const { since, frames, sessions, askNotBefore } = device.rootKeyUsage;
  if (now < askNotBefore || device.rootKeyCommand !== undefined) return undefined;
  if (limits.afterMs > 0 && since !== undefined && now - since >= limits.afterMs) return "age";
  if (limits.afterSessions > 0 && sessions >= limits.afterSessions) return "sessions";
  if (limits.afterFrames > 0 && frames >= limits.afterFrames) return "frames";
  return undefined;
}
