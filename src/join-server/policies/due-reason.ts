import { type Device, generationSince } from "../device.ts";
import type { EffectiveUpdatePolicy } from "./update-policy-settings.ts";

/** Why a policy wants new root keys for a device; frames are counted by the servers that carry them. */
export type DueReason = "age" | "sessions" | "event";

/**
 * Why the policy of a device wants new root keys now, whether or not it is time for them.
 *
 * @param now epoch milliseconds
 */
export function dueReason(
  device: Device,
  policy: EffectiveUpdatePolicy,
  now: number,
): DueReason | undefined {
  const { updateWanted, generationSessions } = device;
  if (updateWanted !== undefined && policy.triggers.includes(updateWanted)) return "event";
  if (policy.maxAgeMs !== null && now - generationSince(device) >= policy.maxAgeMs) return "age";
  if (policy.maxSessions !== null && generationSessions >= policy.maxSessions) return "sessions";
  return undefined;
}
