import type { Campaign, CampaignMember } from "../../../join-server/campaigns/campaign.ts";
import type { CampaignProgress } from "../../../join-server/campaigns/campaign-progress.ts";
import type { CampaignPreview } from "../../../join-server/campaigns/preview-campaign.ts";
import { remedyOf } from "../../../join-server/campaigns/reason-remedies.ts";
import { formatTimeWindow } from "../../../join-server/campaigns/timing/time-window.ts";
import { formatSuite } from "../../../root-key/suite.ts";
import { formatTime } from "../../format-time.ts";
import type { CampaignView, MemberView, PreviewView, ProgressView } from "./campaign-schemas.ts";

/** A campaign as the administration API shows it; a list of devices is only counted. */
export function describeCampaign(campaign: Campaign): CampaignView {
  const { selection, suite, generationAtMost, isHealing, windows, ...settings } = campaign.settings;
  return {
    id: campaign.id,
    ...settings,
    state: campaign.state,
    pauseReason: campaign.pauseReason ?? null,
    createdBy: campaign.createdBy,
    createdAt: formatTime(campaign.createdAt),
    startedAt: formatTime(campaign.startedAt),
    endedAt: formatTime(campaign.endedAt),
    isCanaryOver: campaign.isCanaryOver,
    query: selection.kind === "query" ? selection.query : null,
    listedDevices: selection.kind === "list" ? selection.count : null,
    generationAtMost: generationAtMost ?? null,
    suite: suite === undefined ? null : formatSuite(suite),
    isHealing: isHealing ?? null,
    windows: windows.map(formatTimeWindow),
    abortsUpdates: campaign.abortsUpdates,
  };
}

export function describeProgress(progress: CampaignProgress): ProgressView {
  const { counts, total, ratePerMinute, estimatedEndAt, reasons } = progress;
  return {
    total,
    counts: { ...counts },
    ratePerMinute: ratePerMinute === undefined ? null : Number(ratePerMinute.toFixed(2)),
    estimatedEndAt: formatTime(estimatedEndAt),
    reasons: reasons.map((one) => ({ ...one, remedy: remedyOf(one.reason) })),
  };
}

export function describePreview({ lastStartAt, ...preview }: CampaignPreview): PreviewView {
  const { generations, macVersions, skipped } = preview;
  return {
    ...preview,
    generations: { ...generations },
    macVersions: { ...macVersions },
    skipped: { ...skipped },
    lastStartAt: formatTime(lastStartAt),
  };
}

export function describeMember(member: CampaignMember): MemberView {
  const { devEui, state, isCanary, attempts, reason } = member;
  return {
    devEui,
    state,
    isCanary,
    attempts,
    updateId: member.updateId ?? null,
    nextAttemptAt: state === "waiting" ? formatTime(member.nextAttemptAt) : null,
    startedAt: formatTime(member.startedAt),
    endedAt: formatTime(member.endedAt),
    reason: reason ?? null,
    remedy: reason === undefined ? null : remedyOf(reason),
  };
}
