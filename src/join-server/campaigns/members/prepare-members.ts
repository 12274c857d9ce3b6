import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { Campaign, CampaignMember, CampaignSelection, CampaignSettings } from "../campaign.ts";
import type { CampaignServices } from "../run-context.ts";
import { canaryRank } from "./canary.ts";
import { findSelected } from "./selected-devices.ts";

/** Some milliseconds, during which joins wait. */
const DEVICES_PER_PAGE = 500;
/** The order of the starts is not that of the DevEUIs: neighbours are often behind one gateway. */
const SPREAD_MS = 60_000;

type Store = Pick<CampaignServices["store"], "addMembers" | "saveMembers" | "findDevEuis">;

/**
 * Gives each device that was selected its place in a campaign, page by page. After a crash it begins anew:
 * places that are there already stay as they are.
 */
export class MemberPreparation {
  readonly #store: Store;
  readonly #campaign: Campaign;
  readonly #selection: CampaignSelection;
  #after: Eui64 | undefined;
  #isDone = false;
  /** The one to go first when none was drawn, so that a small campaign has a canary too. */
  #firstInRank: CampaignMember | undefined;

  constructor(store: Store, campaign: Campaign) {
    this.#store = store;
    this.#campaign = campaign;
    this.#selection = wantedOf(campaign.settings);
  }

  /** Adds one page. @returns whether it was the last one */
  async addPage(): Promise<boolean> {
    if (this.#isDone) return true;
    const page = await findSelected(this.#store, this.#selection, DEVICES_PER_PAGE, this.#after);
    const members = page.devEuis.map((devEui) => this.#memberOf(devEui));
    if (members.length > 0) await this.#store.addMembers(this.#campaign.id, members);
    for (const member of members) this.#keepFirst(member);
    this.#after = page.next;
    const isLast = page.next === undefined;
    if (isLast) await this.#ensureCanary();
    this.#isDone = isLast;
    return isLast;
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

/** Without those of a query that have newer keys; those of a list are told one by one. */
function wantedOf({ selection, generationAtMost }: CampaignSettings): CampaignSelection {
  if (selection.kind === "list" || generationAtMost === undefined) return selection;
  return { ...selection, query: { ...selection.query, generationAtMost } };
}
