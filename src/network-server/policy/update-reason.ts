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
  const afterFrames = framesLimitOf(device, limits);
  if (now < askNotBefore || device.rootKeyCommand !== undefined) return undefined;
  if (limits.afterMs > 0 && since !== undefined && now - since >= limits.afterMs) return "age";
  if (limits.afterSessions > 0 && sessions >= limits.afterSessions) return "sessions";
  if (afterFrames > 0 && frames >= afterFrames) return "frames";
  return undefined;
}

/** The smaller of this server's limit and the Join Server's; 0 when neither has one. */
function framesLimitOf(
  { rootKeyUsage: { maxFrames = 0 } }: Device,
  { afterFrames }: RootKeyLimits,
): number {
  const limits = [maxFrames, afterFrames].filter((limit) => limit > 0);
  return limits.length === 0 ? 0 : Math.min(...limits);
}
