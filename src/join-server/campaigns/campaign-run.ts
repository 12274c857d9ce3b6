import { setImmediate as nextTurn } from "node:timers/promises";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { MemberCounts } from "../ports/campaign-store.ts";
import type { EventKind, EventSink } from "../ports/events.ts";
import type { Campaign } from "./campaign.ts";
import { isCanaryLeft } from "./members/canaries-left.ts";
import { followUnderWay, settleOver, windDown } from "./members/follow-members.ts";
import { MemberLedger, throughOf } from "./members/member-ledger.ts";
import { MemberPreparation } from "./members/prepare-members.ts";
import { startMembers } from "./members/start-members.ts";
import { afterPreparation, reviewCampaign } from "./review-campaign.ts";
import type { CampaignServices, RunContext } from "./run-context.ts";
import { StartRate } from "./timing/start-rate.ts";
import { isOpen } from "./timing/time-window.ts";

/** Preparing a large campaign, and starting many updates, is spread over ticks, so that the others go on. */
const PREPARING_MS = 1_000;
const STARTING_MS = 1_000;
const MOST_PAGES_PER_TICK = 1_000;

/** One campaign in the process that runs it. What is lost with the process is only its rate. */
export class CampaignRun {
  readonly #services: CampaignServices & { readonly events: EventSink };
  readonly #ledger: MemberLedger;
  #rate: { readonly key: string; readonly limits: StartRate } | undefined;
  #preparation: MemberPreparation | undefined;
  /** Where the next look for attempts that are over begins. */
  #overAfter: Eui64 | undefined;

  constructor(
    services: CampaignServices & { readonly events: EventSink },
    id: string,
    owner: string,
  ) {
    this.#services = services;
    this.#ledger = new MemberLedger(services.store, id, owner);
  }

  /**
   * Brings the campaign as far as it can come now. Whatever this throws, and wherever the process ends, the
   * next tick goes on from what is stored.
   *
   * @param campaign as stored
   * @param mayGoOn see `RunContext`
   */
  async tick(campaign: Campaign, mayGoOn: () => boolean): Promise<void> {
    if (campaign.state === "preparing") return this.#prepare(campaign, mayGoOn);
    const context = this.#contextOf(campaign, mayGoOn);
    this.#overAfter = await settleOver(context, this.#overAfter);
    await followUnderWay(context);
    if (campaign.state === "aborted") await windDown(context);
    // Before anything more is started: too many may have failed by now.
    const reviewed = await this.#review(context);
    const now = this.#services.clock.now();
    if (reviewed?.state === "running" && isOpen(reviewed.settings.windows, now)) {
      await this.#start({ ...context, campaign: reviewed });
    }
    context.rate.forget(now);
  }

  /** Round by round, so that the rate is the campaign's and not that of the ticks. */
  async #start(context: RunContext): Promise<void> {
    const { campaign, store, clock, mayGoOn } = context;
    const until = clock.now() + STARTING_MS;
    while (await startMembers(context, !campaign.isCanaryOver)) {
      if (clock.now() >= until || !mayGoOn()) return;
      const stored = await store.loadCampaign(campaign.id);
      // Somebody may have paused it meanwhile.
      if (stored?.version !== campaign.version) return;
    }
  }

  async #prepare(campaign: Campaign, mayGoOn: () => boolean): Promise<void> {
    const { clock, store } = this.#services;
    this.#preparation ??= new MemberPreparation(store, campaign);
    const until = clock.now() + PREPARING_MS;
    for (let page = 0; page < MOST_PAGES_PER_TICK && clock.now() < until && mayGoOn(); page++) {
      const isLast = await this.#preparation.addPage();
      // A synchronous database would let no join in.
      await nextTurn();
      if (!isLast) continue;
      const prepared = afterPreparation(campaign, clock.now());
      await this.#save(prepared, prepared.state === "running" ? "campaign-started" : undefined);
      return;
    }
  }

  /** @returns the campaign as it is stored now; undefined when somebody else has changed it */
  async #review(context: RunContext): Promise<Campaign | undefined> {
    const { campaign } = context;
    const now = this.#services.clock.now();
    const counts = await this.#ledger.counts(now);
    const mustWait = campaign.state === "running" && !campaign.isCanaryOver;
    const isLeft = mustWait && (await isCanaryLeft(context));
    const first = reviewCampaign(campaign, { counts, now, isCanaryLeft: isLeft });
    if (first.campaign === campaign) return campaign;
    // What cannot be taken back is decided from what is stored, not from what was counted on the way.
    const sure = { now, counts: await this.#ledger.recount(now) };
    const { campaign: next, told } = reviewCampaign(campaign, {
      ...sure,
      isCanaryLeft: isLeft,
    });
    return next === campaign ? campaign : this.#save(next, told, sure.counts);
  }

  async #save(
    next: Campaign,
    told: EventKind | undefined,
    counts?: MemberCounts,
  ): Promise<Campaign | undefined> {
    const { store, events, clock, logger } = this.#services;
    // An operator was faster: the next tick sees what they want.
    if (!(await store.saveCampaign(next))) return undefined;
    const saved = { ...next, version: next.version + 1 };
    if (told === undefined) return saved;
    const { id: campaignId, pauseReason: reason } = next;
    const count = counts && throughOf(counts);
    events.publish({ kind: told, at: clock.now(), campaignId, reason, count });
    logger.info({ event: told, campaignId, reason, counts }, "a campaign has come further");
    return saved;
  }

  #contextOf(campaign: Campaign, mayGoOn: () => boolean): RunContext {
    const { startsPerMinute, startsPerMinutePerGateway } = campaign.settings;
    const limits = { startsPerMinute, startsPerMinutePerGateway };
    const key = `${startsPerMinute}/${startsPerMinutePerGateway}`;
    if (this.#rate?.key !== key) {
      this.#rate = { key, limits: new StartRate(limits, this.#services.clock.now()) };
    }
    return {
      ...this.#services,
      campaign,
      ledger: this.#ledger,
      rate: this.#rate.limits,
      mayGoOn,
    };
  }
}
