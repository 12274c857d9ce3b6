import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { Campaign, CampaignMember } from "../campaign.ts";
import type { CampaignServices } from "../run-context.ts";
import { canaryRank } from "./canary.ts";

/** Devices are read with their keys, so a page takes some milliseconds during which joins wait. */
const DEVICES_PER_PAGE = 50;
const LISTED_PER_PAGE = 500;
/** The order of the starts is not that of the DevEUIs: neighbours are often behind one gateway. */
const SPREAD_MS = 60_000;

/**
 * Gives each device that was selected its place in a campaign, page by page. After a crash it begins anew:
 * places that are there already stay as they are.
 */
export class MemberPreparation {
  readonly #store: Pick<CampaignServices["store"], "addMembers" | "saveMembers" | "findDevices">;
  readonly #campaign: Campaign;
  #after: Eui64 | undefined;
  #listed = 0;
  #isDone = false;
  /** The one to go first when none was drawn, so that a small campaign has a canary too. */
  #firstInRank: CampaignMember | undefined;

  constructor(
    store: Pick<CampaignServices["store"], "addMembers" | "saveMembers" | "findDevices">,
    campaign: Campaign,
  ) {
    this.#store = store;
    this.#campaign = campaign;
  }

  /** Adds one page. @returns whether it was the last one */
  async addPage(): Promise<boolean> {
    if (this.#isDone) return true;
    const { devEuis, isLast } = await this.#nextPage();
    const members = devEuis.map((devEui) => this.#memberOf(devEui));
    if (members.length > 0) await this.#store.addMembers(this.#campaign.id, members);
    for (const member of members) this.#keepFirst(member);
    if (isLast) await this.#ensureCanary();
    this.#isDone = isLast;
    return isLast;
  }

  async #nextPage(): Promise<{ devEuis: readonly Eui64[]; isLast: boolean }> {
    const { selection } = this.#campaign.settings;
    if (selection.kind === "list") {
      const devEuis = selection.devEuis.slice(this.#listed, this.#listed + LISTED_PER_PAGE);
      this.#listed += devEuis.length;
      return { devEuis, isLast: this.#listed >= selection.devEuis.length };
    }
    const page = await this.#store.findDevices(selection.query, DEVICES_PER_PAGE, this.#after);
    this.#after = page.next;
    const { generationAtMost = Number.POSITIVE_INFINITY } = this.#campaign.settings;
    const devEuis = page.devices
      .filter(({ rootKeys }) => rootKeys.generation <= generationAtMost)
      .map(({ devEui }) => devEui);
    return { devEuis, isLast: page.next === undefined };
  }

  #memberOf(devEui: Eui64): CampaignMember {
    const { id, settings, createdAt } = this.#campaign;
    const rank = canaryRank(id, devEui);
    return {
      devEui,
      state: "waiting",
      isCanary: rank < settings.canaryShare,
      attempts: 0,
      updateId: undefined,
      nextAttemptAt: createdAt - SPREAD_MS + Math.floor(rank * SPREAD_MS),
      startedAt: undefined,
      endedAt: undefined,
      reason: undefined,
    };
  }

  #keepFirst(member: CampaignMember): void {
    const before = this.#firstInRank;
    if (before === undefined || member.nextAttemptAt < before.nextAttemptAt) {
      this.#firstInRank = member;
    }
  }

  /** Canaries are those of the lowest rank, so there is one exactly when the first in rank is one. */
  async #ensureCanary(): Promise<void> {
    const { id, settings } = this.#campaign;
    if (settings.canaryShare === 0 || this.#firstInRank === undefined) return;
    if (this.#firstInRank.isCanary) return;
    await this.#store.saveMembers(id, [{ ...this.#firstInRank, isCanary: true }]);
  }
}
