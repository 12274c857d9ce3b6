import type { CampaignStore, MemberCounts, ReasonCount } from "../ports/campaign-store.ts";
import type { Campaign } from "./campaign.ts";
import { throughOf, totalOf } from "./members/member-ledger.ts";
import { afterOpenTime } from "./timing/time-window.ts";

const MINUTE_MS = 60_000;
/** A rate over less than this says more about the clock than about the campaign. */
const LEAST_RATE_MS = 30_000;

export interface CampaignProgress {
  readonly counts: MemberCounts;
  readonly total: number;
  /** Devices that came to their end per minute, of the last minutes; undefined while nobody knows. */
  readonly ratePerMinute: number | undefined;
  /** Epoch milliseconds; undefined while it is not running. */
  readonly estimatedEndAt: number | undefined;
  /** Most frequent first. */
  readonly reasons: readonly ReasonCount[];
}

/** How far a campaign is, counted now. */
export async function progressOf(
  store: Pick<CampaignStore, "countMembers" | "countReasons">,
  campaign: Campaign,
  now: number,
): Promise<CampaignProgress> {
  const [counts, reasons] = await Promise.all([
    store.countMembers(campaign.id),
    store.countReasons(campaign.id),
  ]);
  const ratePerMinute = rateOf(campaign, throughOf(counts), now);
  const estimatedEndAt = estimateEnd(campaign, counts, { now, ratePerMinute });
  return { counts, total: totalOf(counts), ratePerMinute, estimatedEndAt, reasons };
}

function rateOf({ samples, state }: Campaign, through: number, now: number): number | undefined {
  const [first] = samples;
  if (state !== "running" || first === undefined || now - first.at < LEAST_RATE_MS)
    return undefined;
  return ((through - first.through) * MINUTE_MS) / (now - first.at);
}

/**
 * When the devices that are left will be through at the rate of the last minutes, and not sooner than their
 * starts take. Canaries and retries make it later.
 */
function estimateEnd(
  { state, settings }: Campaign,
  counts: MemberCounts,
  { now, ratePerMinute }: { readonly now: number; readonly ratePerMinute: number | undefined },
): number | undefined {
  if (state !== "running") return undefined;
  const { startsPerMinute, windows } = settings;
  const startsMs = (counts.waiting / startsPerMinute) * MINUTE_MS;
  const left = counts.waiting + counts["under-way"];
  const byRateMs = ratePerMinute ? (left / ratePerMinute) * MINUTE_MS : 0;
  return Math.round(afterOpenTime(windows, now, Math.max(startsMs, byRateMs)));
}
