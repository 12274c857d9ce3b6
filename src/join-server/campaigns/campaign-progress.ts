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

/** Campaigns whose counts are held: those that people look at. */
const HELD_MAX = 100;

interface Counted {
  readonly at: number;
  /** Of the campaign: one that has come further is counted anew. */
  readonly version: number;
  readonly counts: MemberCounts;
  readonly reasons: readonly ReasonCount[];
}

/**
 * How far campaigns are. Counting a hundred thousand devices takes some tens of milliseconds of the processor,
 * so the counts of a large campaign hold for a while, however many people watch it.
 */
export class ProgressReader {
  readonly #store: Pick<CampaignStore, "countMembers" | "countReasons">;
  readonly #counted = new Map<string, Counted>();

  constructor(store: Pick<CampaignStore, "countMembers" | "countReasons">) {
    this.#store = store;
  }

  /** @param now epoch milliseconds */
  async read(campaign: Campaign, now: number): Promise<CampaignProgress> {
    const held = this.#counted.get(campaign.id);
    const isHeld =
      held?.version === campaign.version && Math.abs(now - held.at) < holdsMs(held.counts);
    return progressOf(campaign, isHeld ? held : await this.#count(campaign, now), now);
  }

  async #count({ id, version }: Campaign, now: number): Promise<Counted> {
    const counts = await this.#store.countMembers(id);
    const counted = { at: now, version, counts, reasons: await this.#store.countReasons(id) };
    this.#counted.delete(id);
    if (this.#counted.size >= HELD_MAX) {
      for (const oldest of this.#counted.keys()) {
        this.#counted.delete(oldest);
        break;
      }
    }
    this.#counted.set(id, counted);
    return counted;
  }
}

/** Ten seconds for 100,000 devices, and nothing for what is counted at once. */
function holdsMs(counts: MemberCounts): number {
  const total = totalOf(counts);
  return total < 1_000 ? 0 : total / 10;
}

function progressOf(
  campaign: Campaign,
  { counts, reasons }: Counted,
  now: number,
): CampaignProgress {
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
