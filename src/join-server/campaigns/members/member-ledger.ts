import { WarrenError } from "../../../errors.ts";
import type { CampaignStore, MemberCounts } from "../../ports/campaign-store.ts";
import type { CampaignMember } from "../campaign.ts";

/** A place in a campaign before and after a change. */
export interface MemberChange {
  readonly before: CampaignMember;
  readonly after: CampaignMember;
}

/** Counting looks at every place: how many of them may be looked at in a millisecond of the campaign. */
const COUNTED_PER_MS = 100;

/**
 * Saves places in a campaign and knows how many are in each state: by counting now and then, and from its own
 * saves in between. Only one process runs a campaign, so its own saves are nearly all there are.
 */
export class MemberLedger {
  readonly #store: Pick<CampaignStore, "saveMembers" | "countMembers">;
  readonly #id: string;
  readonly #owner: string;
  #counts: MemberCounts | undefined;
  #countedAt = 0;

  /** @param owner who has the lease of the campaign */
  constructor(
    store: Pick<CampaignStore, "saveMembers" | "countMembers">,
    id: string,
    owner: string,
  ) {
    this.#store = store;
    this.#id = id;
    this.#owner = owner;
  }

  /**
   * In one transaction; those that are the same before and after are left out.
   *
   * @throws WarrenError `write-conflict` when the lease has run out and another process has it
   */
  async save(changes: readonly MemberChange[]): Promise<void> {
    const changed = changes.filter(({ before, after }) => before !== after);
    if (changed.length === 0) return;
    const counts = this.#counts;
    // Until the save is done nobody knows what is stored.
    this.#counts = undefined;
    const members = changed.map(({ after }) => after);
    if (!(await this.#store.saveMembers(this.#id, members, this.#owner))) {
      throw new WarrenError("write-conflict", "another process runs the campaign by now");
    }
    if (counts === undefined) return;
    const adjusted = { ...counts };
    for (const { before, after } of changed) {
      adjusted[before.state] -= 1;
      adjusted[after.state] += 1;
    }
    this.#counts = adjusted;
  }

  /** @param now epoch milliseconds */
  counts(now: number): Promise<MemberCounts> {
    const known = this.#counts;
    const isRecent = known && now - this.#countedAt < totalOf(known) / COUNTED_PER_MS;
    return known !== undefined && isRecent ? Promise.resolve(known) : this.recount(now);
  }

  /** For a decision that cannot be taken back. */
  async recount(now: number): Promise<MemberCounts> {
    const counts = await this.#store.countMembers(this.#id);
    this.#counts = counts;
    this.#countedAt = now;
    return counts;
  }
}

export function totalOf(counts: MemberCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Devices at their end. */
export function throughOf({ updated, failed, skipped }: MemberCounts): number {
  return updated + failed + skipped;
}
