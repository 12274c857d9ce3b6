import type { CampaignMember, CampaignSettings } from "../campaign.ts";

/** A request that no carrier has taken is handed over again after so long, and then after twice as long. */
const FIRST_REDELIVERY_MS = 30_000;
/** An attempt is looked at after this part of its time, and then each time after twice as long. */
const FIRST_LOOK_PART = 16;

/** The waiting member at the start of its next attempt, before anything is done. */
export function beginning(member: CampaignMember, now: number): CampaignMember {
  return {
    ...member,
    state: "under-way",
    attempts: member.attempts + 1,
    updateId: undefined,
    // Due at once: when nothing more is noted of it, it is looked at what has become of the start.
    nextAttemptAt: now,
    startedAt: now,
  };
}

/** The member of an update that is under way; `isDelivered`: a carrier has taken the request. */
export function underWay(
  member: CampaignMember,
  update: { readonly updateId: number; readonly isDelivered: boolean },
  settings: CampaignSettings,
): CampaignMember {
  const startedAt = member.startedAt ?? 0;
  const firstLookMs = firstLook(settings);
  const lookMs = update.isDelivered ? firstLookMs : Math.min(FIRST_REDELIVERY_MS, firstLookMs);
  return { ...member, updateId: update.updateId, nextAttemptAt: startedAt + lookMs };
}

/** The member that was looked at and goes on: as long again as it has taken so far, or to its time limit. */
export function lookedAt(
  member: CampaignMember,
  settings: CampaignSettings,
  now: number,
): CampaignMember {
  const elapsedMs = Math.max(0, now - (member.startedAt ?? now));
  const { attemptTimeoutMs } = settings;
  const leftMs = Math.max(1, attemptTimeoutMs - elapsedMs);
  const leastMs = Math.min(FIRST_REDELIVERY_MS, firstLook(settings));
  return { ...member, nextAttemptAt: now + Math.min(Math.max(leastMs, elapsedMs), leftMs) };
}

function firstLook({ attemptTimeoutMs }: CampaignSettings): number {
  return Math.max(1, Math.floor(attemptTimeoutMs / FIRST_LOOK_PART));
}
