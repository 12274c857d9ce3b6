import type { RandomBytes } from "../../crypto/random.ts";
import { formatHex } from "../../lorawan/hex.ts";
import { BackgroundLoop } from "../background/background-loop.ts";
import { logFailure } from "../background/log-failure.ts";
import type { EventSink } from "../ports/events.ts";
import type { Campaign } from "./campaign.ts";
import { CampaignRun } from "./campaign-run.ts";
import type { CampaignServices } from "./run-context.ts";

/** From the begin of a tick to that of the next one while there is a campaign, and the least after its end. */
const TICK_MS = 1_000;
const SHORTEST_PAUSE_MS = 50;
/** Between two ticks while there is no campaign. */
const IDLE_TICK_MS = 2_000;
/** How long another process waits before it takes a campaign over. */
export const LEASE_MS = 30_000;
/** A tick begins no work later than this before the end of its lease: the longest that a carrier may take. */
const LEASE_MARGIN_MS = 15_000;
const TICK_FAILED = "campaign-tick-failed";

export interface CampaignRunnerOptions extends CampaignServices {
  readonly events: EventSink;
  readonly randomBytes: RandomBytes;
  /**
   * Whose the leases are. A process goes on at once with the campaigns of one that was killed under the same
   * name, so two that may run at the same time must not share one. Default: a name of its own.
   */
  readonly owner?: string | undefined;
}

/**
 * Runs the campaigns that no other process runs. Each is leased for a while, so that of several processes on
 * one database one runs it, and another takes it over when that one has ended. Joins never wait for it: it
 * works in small steps.
 */
export class CampaignRunner {
  readonly #options: CampaignRunnerOptions;
  readonly #owner: string;
  readonly #runs = new Map<string, CampaignRun>();
  readonly #loop: BackgroundLoop;

  constructor(options: CampaignRunnerOptions) {
    const { logger } = options;
    this.#options = options;
    this.#loop = new BackgroundLoop({ logger, failureEvent: TICK_FAILED, retryAfterMs: TICK_MS });
    this.#owner = options.owner ?? formatHex(options.randomBytes(8));
  }

  /** Ticks until `close`. */
  start(): void {
    const { clock } = this.#options;
    this.#loop.start(async () => {
      const beganAt = clock.now();
      if (!(await this.tick())) return IDLE_TICK_MS;
      const left = TICK_MS - Math.max(0, clock.now() - beganAt);
      return Math.max(SHORTEST_PAUSE_MS, left);
    });
  }

  /** Ends after the step under way, and lets other processes take over at once. */
  async close(): Promise<void> {
    await this.#loop.close();
    const owned = [...this.#runs.keys()];
    this.#runs.clear();
    await Promise.all(owned.map((id) => this.#release(id)));
  }

  /**
   * One look after every campaign. What goes wrong with one is logged, and holds up no other.
   *
   * @returns whether there is any campaign that has not ended
   * @throws WarrenError `storage-failed` when the campaigns cannot be listed
   */
  async tick(): Promise<boolean> {
    const campaigns = (await this.#options.store.listCampaigns()).filter(isLive);
    const live = new Set(campaigns.map(({ id }) => id));
    for (const id of this.#runs.keys()) {
      if (live.has(id)) continue;
      this.#runs.delete(id);
      await this.#release(id);
    }
    for (const { id } of campaigns) {
      if (this.#loop.isStopped) break;
      await this.#tickOne(id);
    }
    return campaigns.length > 0;
  }

  async #tickOne(id: string): Promise<void> {
    const { store, clock, logger } = this.#options;
    try {
      const now = clock.now();
      const until = now + LEASE_MS;
      if (!(await store.leaseCampaign(id, this.#owner, { now, until }))) {
        this.#runs.delete(id);
        return;
      }
      // The one before may have taken seconds, in which somebody has paused this one.
      const campaign = await store.loadCampaign(id);
      if (campaign === undefined || !isLive(campaign)) return;
      const run = this.#runs.get(id) ?? new CampaignRun(this.#options, id, this.#owner);
      this.#runs.set(id, run);
      await run.tick(
        campaign,
        () => !this.#loop.isStopped && clock.now() < until - LEASE_MARGIN_MS,
      );
    } catch (error) {
      // What is in memory may be ahead of what is stored: it is made anew from that.
      this.#runs.delete(id);
      logFailure(logger, TICK_FAILED, error, { campaignId: id });
    }
  }

  async #release(id: string): Promise<void> {
    const { store, logger } = this.#options;
    try {
      await store.releaseCampaign(id, this.#owner);
    } catch (error) {
      // The lease runs out.
      logFailure(logger, "campaign-not-released", error, { campaignId: id });
    }
  }
}

function isLive({ endedAt }: Campaign): boolean {
  return endedAt === undefined;
}
