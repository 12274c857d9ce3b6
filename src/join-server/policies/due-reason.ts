import { type Device, generationSince } from "../device.ts";
import { isUnderWay } from "../root-key-updates/update-policy.ts";
import type { EffectiveUpdatePolicy, UpdateTrigger } from "./update-policy-settings.ts";

/** Why a policy wants new root keys for a device; frames are counted by the servers that carry them. */
export type DueReason = "age" | "sessions" | UpdateTrigger;

/**
 * Why the policy of a device wants new root keys, whether or not it is time for them.
 *
 * @param now epoch milliseconds
 */
export function dueReason(
  device: Device,
  policy: EffectiveUpdatePolicy,
  now: number,
): DueReason | undefined {
  const { updateWanted, generationSessions } = device;
  if (updateWanted !== undefined && policy.triggers.includes(updateWanted)) return updateWanted;
  if (policy.maxAgeMs !== null && now - generationSince(device) >= policy.maxAgeMs) return "age";
  if (policy.maxSessions !== null && generationSessions >= policy.maxSessions) return "sessions";
  return undefined;
}

/**
 * Whether a policy may start an update now: none is under way, the minimum period since the last commit is
 * over, and so is the wait after attempts that failed.
 */
export function mayStartByPolicy(
  device: Device,
  { minimumPeriodMs }: Pick<EffectiveUpdatePolicy, "minimumPeriodMs">,
  now: number,
): boolean {
  const { isDisabled, updateNotBefore, updateCommittedAt } = device;
  return (
    !isDisabled &&
    !isUnderWay(device) &&
    (updateNotBefore === undefined || now >= updateNotBefore) &&
    (updateCommittedAt === undefined || now - updateCommittedAt >= minimumPeriodMs)
  );
}
