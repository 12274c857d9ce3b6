import type { Device } from "../../device.ts";
import type { UpdateAttempt } from "../../root-key-updates/update-attempt.ts";
import { isUnderWay } from "../../root-key-updates/update-policy.ts";
import type { Campaign, CampaignMember } from "../campaign.ts";
import { isOfWantedKind } from "./examine-device.ts";

/** A device that failed often waits a week at most. */
const LONGEST_RETRY_MS = 7 * 24 * 60 * 60 * 1000;

/** What settling a member is decided from besides the member. */
export interface SettleContext {
  readonly campaign: Campaign;
  readonly now: number;
  /** See `examineDevice`. */
  readonly shortestPeriodMs: number;
}

/** How an attempt went, as the device or its history has it. */
type Outcome = Pick<UpdateAttempt, "outcome" | "reason" | "suite" | "isHealing">;

/**
 * A member under way, with what has become of its attempt.
 *
 * @param past the attempt as the history of the device has it; for one that is no longer on record there
 * @returns the same object while the attempt goes on
 */
export function settleMember(
  member: CampaignMember,
  device: Device | undefined,
  context: SettleContext,
  past?: UpdateAttempt,
): CampaignMember {
  if (device === undefined) return ended(member, "skipped", "device-unknown", context.now);
  if (member.updateId === undefined) return settleUnclearStart(member, device, context);
  const outcome = outcomeOf(member.updateId, device) ?? past;
  switch (outcome?.outcome) {
    case "under-way":
      return member;
    case "committed":
      return settleCommitted(member, outcome, context);
    default:
      return failAttempt(member, outcome?.reason ?? "superseded", context);
  }
}

/**
 * The member after an attempt that failed: waiting for the next one, twice as long as for the one before, or
 * at its end.
 */
export function failAttempt(
  member: CampaignMember,
  reason: string,
  { campaign, now }: SettleContext,
): CampaignMember {
  const { maxAttempts, retryAfterMs, attemptTimeoutMs } = campaign.settings;
  const hasTimedOut = now - (member.startedAt ?? now) >= attemptTimeoutMs;
  // Whoever has ended the update of one device does not want it back at once.
  const isOrdered = reason === "aborted" && !hasTimedOut;
  if (isOrdered || campaign.state === "aborted" || member.attempts >= maxAttempts) {
    return ended(member, "failed", reason, now);
  }
  const waitMs = Math.min(retryAfterMs * 2 ** Math.max(0, member.attempts - 1), LONGEST_RETRY_MS);
  return { ...member, state: "waiting", nextAttemptAt: now + waitMs, reason };
}

/** The member at the end of its part in the campaign. */
export function ended(
  member: CampaignMember,
  state: "updated" | "failed" | "skipped",
  reason: string | undefined,
  now: number,
): CampaignMember {
  return { ...member, state, reason, endedAt: now };
}

/**
 * It was noted that the device would be started, and not that it has been: the process ended between the two.
 * What the device has on record says which.
 */
function settleUnclearStart(
  member: CampaignMember,
  device: Device,
  { now }: SettleContext,
): CampaignMember {
  if (isUnderWay(device)) return { ...member, updateId: device.rootKeys.update?.updateId };
  return { ...member, state: "waiting", attempts: member.attempts - 1, nextAttemptAt: now };
}

/** An update that somebody else asked for may be of a kind that the campaign does not want. */
function settleCommitted(
  member: CampaignMember,
  outcome: Outcome,
  { campaign, now, shortestPeriodMs }: SettleContext,
): CampaignMember {
  if (isOfWantedKind(outcome, campaign)) return ended(member, "updated", undefined, now);
  return { ...member, state: "waiting", nextAttemptAt: now + shortestPeriodMs };
}

/** Undefined when the device has another attempt on record. */
function outcomeOf(updateId: number, { rootKeys }: Device): Outcome | undefined {
  const { update } = rootKeys;
  if (update?.updateId !== updateId) return undefined;
  const { suite, isHealing, reason, status } = update;
  const outcome = status === "committed" || status === "failed" ? status : "under-way";
  return { outcome, reason, suite, isHealing };
}
