import type { MemberCounts } from "../ports/campaign-store.ts";
import type { EventKind } from "../ports/events.ts";
import type { Campaign, CampaignSelection, ProgressSample } from "./campaign.ts";
import { throughOf } from "./members/member-ledger.ts";
import { isOpen } from "./timing/time-window.ts";

/** Between two samples of the progress. */
const SAMPLE_PERIOD_MS = 60_000;
/** The rate is that of the last ten minutes. */
const SAMPLES_KEPT = 11;

/** How a campaign stands. */
export interface Standing {
  readonly counts: MemberCounts;
  readonly now: number;
  /** Whether a canary is waiting or under way. */
  readonly isCanaryLeft: boolean;
}

/** What follows for the campaign, and what is to be told of it. */
export interface Review {
  readonly campaign: Campaign;
  readonly told: EventKind | undefined;
}

/**
 * What follows from how a campaign stands: it has come to its end, its canaries are through, too many have
 * failed.
 *
 * @returns the same campaign when nothing does
 */
export function reviewCampaign(campaign: Campaign, standing: Standing): Review {
  const { counts, now } = standing;
  const isOver = counts.waiting === 0 && counts["under-way"] === 0;
  switch (campaign.state) {
    case "aborted":
      return untold(isOver ? { ...campaign, endedAt: now } : campaign);
    case "running":
      if (isOver) {
        const finished = {
          ...campaign,
          state: "finished",
          isCanaryOver: true,
          endedAt: now,
        } as const;
        return { campaign: withSample(finished, standing), told: "campaign-finished" };
      }
      return reviewRunning(campaign, standing);
    default:
      return untold(campaign);
  }
}

/** The campaign whose devices all have their place; the list that it was made from is no longer needed. */
export function afterPreparation(campaign: Campaign, now: number): Campaign {
  const { settings } = campaign;
  const prepared = {
    ...campaign,
    settings: { ...settings, selection: withoutList(settings.selection) },
    isCanaryOver: settings.canaryShare === 0,
  };
  return settings.startsPaused
    ? { ...prepared, state: "paused", pauseReason: "not started yet" }
    : { ...prepared, state: "running", startedAt: now };
}

export function withoutList(selection: CampaignSelection): CampaignSelection {
  return selection.kind === "list" ? { ...selection, devEuis: [] } : selection;
}

function reviewRunning(campaign: Campaign, standing: Standing): Review {
  const { isCanaryLeft, counts } = standing;
  const { minSettledForPause } = campaign.settings;
  const isGate = !campaign.isCanaryOver && !isCanaryLeft;
  // Few canaries are as good a warning as many: for them there is no least number.
  const tooMany = tooManyFailures(campaign, counts, isGate ? 1 : minSettledForPause);
  if (tooMany !== undefined) {
    const pauseReason = isGate ? `of the canaries, ${tooMany}` : tooMany;
    return { campaign: { ...campaign, state: "paused", pauseReason }, told: "campaign-paused" };
  }
  const reviewed = isGate ? { ...campaign, isCanaryOver: true } : campaign;
  if (!isOpen(campaign.settings.windows, standing.now)) {
    // A rate over a time in which nothing may be started says nothing.
    return untold(reviewed.samples.length === 0 ? reviewed : { ...reviewed, samples: [] });
  }
  return untold(isSampleDue(reviewed, standing.now) ? withSample(reviewed, standing) : reviewed);
}

/** Says how many have failed, when they are too many; undefined when they are not. */
function tooManyFailures(
  { settings, accepted }: Campaign,
  counts: MemberCounts,
  least: number,
): string | undefined {
  const failed = counts.failed - accepted.failed;
  const through = failed + counts.updated - accepted.updated;
  if (through < least || failed <= settings.maxFailureShare * through) return undefined;
  return `${failed} of ${through} devices have failed, more than ${percent(settings.maxFailureShare)}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

function isSampleDue({ samples }: Campaign, now: number): boolean {
  return now - (samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= SAMPLE_PERIOD_MS;
}

function withSample<C extends Campaign>(campaign: C, { counts, now }: Standing): C {
  const sample: ProgressSample = { at: now, through: throughOf(counts) };
  return { ...campaign, samples: [...campaign.samples, sample].slice(-SAMPLES_KEPT) };
}

function untold(campaign: Campaign): Review {
  return { campaign, told: undefined };
}
