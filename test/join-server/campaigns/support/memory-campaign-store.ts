import type { Campaign, CampaignMember } from "../../../../src/join-server/campaigns/campaign.ts";
import { MEMBER_STATES } from "../../../../src/join-server/campaigns/campaign.ts";
import type { Device } from "../../../../src/join-server/device.ts";
import type { AuditEvent } from "../../../../src/join-server/ports/audit-log.ts";
import type {
  CampaignStore,
  MemberCounts,
  MemberQuery,
  OverMembersPage,
} from "../../../../src/join-server/ports/campaign-store.ts";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";

/**
 * Campaigns in memory. `beforeWrite` and `afterWrite` may throw: as a process that is killed before or after
 * the database has it.
 */
export class MemoryCampaignStore implements CampaignStore {
  readonly campaigns = new Map<string, Campaign>();
  /** Members under way that one search for those that are over looks at. */
  mostLookedAt = 10_000;
  readonly members = new Map<string, Map<Eui64, CampaignMember>>();
  readonly audit: AuditEvent[] = [];
  readonly #leases = new Map<string, { owner: string; until: number }>();
  readonly #devices: ReadonlyMap<Eui64, Device>;
  around: (write: () => void) => void = (write) => write();

  constructor(devices: ReadonlyMap<Eui64, Device>) {
    this.#devices = devices;
  }

  createCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean> {
    if (this.campaigns.has(campaign.id)) return Promise.resolve(false);
    return this.#write(() => {
      this.campaigns.set(campaign.id, structuredClone(campaign));
      this.members.set(campaign.id, new Map());
      if (audit) this.audit.push(audit);
      return true;
    });
  }

  loadCampaign(id: string): Promise<Campaign | undefined> {
    return Promise.resolve(this.campaigns.get(id));
  }

  listCampaigns(): Promise<Campaign[]> {
    return Promise.resolve([...this.campaigns.values()].toReversed());
  }

  saveCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean> {
    if (this.campaigns.get(campaign.id)?.version !== campaign.version)
      return Promise.resolve(false);
    return this.#write(() => {
      this.campaigns.set(campaign.id, { ...campaign, version: campaign.version + 1 });
      if (audit) this.audit.push(audit);
      return true;
    });
  }

  deleteCampaign(id: string): Promise<boolean> {
    return this.#write(() => this.members.delete(id) && this.campaigns.delete(id));
  }

  addMembers(id: string, members: readonly CampaignMember[]): Promise<void> {
    return this.#write(() => {
      for (const member of members) {
        if (!this.#of(id).has(member.devEui)) this.#of(id).set(member.devEui, member);
      }
    });
  }

  loadMember(id: string, devEui: Eui64): Promise<CampaignMember | undefined> {
    return Promise.resolve(this.#of(id).get(devEui));
  }

  findMembers(
    id: string,
    { states, isCanary, dueAt }: MemberQuery,
    limit: number,
    after?: Eui64,
  ): Promise<CampaignMember[]> {
    const found = [...this.#of(id).values()]
      .filter(({ state }) => states === undefined || states.includes(state))
      .filter((member) => isCanary === undefined || member.isCanary === isCanary)
      .filter(({ nextAttemptAt }) => dueAt === undefined || nextAttemptAt <= dueAt)
      .filter(({ devEui }) => after === undefined || devEui > after)
      .toSorted((a, b) => (a.devEui < b.devEui ? -1 : 1));
    if (dueAt !== undefined) found.sort((a, b) => a.nextAttemptAt - b.nextAttemptAt);
    return Promise.resolve(found.slice(0, limit));
  }

  saveMembers(id: string, members: readonly CampaignMember[], owner?: string): Promise<boolean> {
    const isHeld = owner === undefined || this.#leases.get(id)?.owner === owner;
    if (!isHeld) return Promise.resolve(false);
    return this.#write(() => {
      for (const member of members) this.#of(id).set(member.devEui, member);
      return true;
    });
  }

  countMembers(id: string): Promise<MemberCounts> {
    const states = [...this.#of(id).values()].map(({ state }) => state);
    const entries = MEMBER_STATES.map((state) => [
      state,
      states.filter((one) => one === state).length,
    ]);
    return Promise.resolve(Object.fromEntries(entries) as MemberCounts);
  }

  countReasons() {
    return Promise.resolve([]);
  }

  findOverMembers(id: string, limit: number, after = ""): Promise<OverMembersPage> {
    const looked = [...this.#of(id).values()]
      .filter(({ state, devEui }) => state === "under-way" && devEui > after)
      .toSorted((a, b) => (a.devEui < b.devEui ? -1 : 1))
      .slice(0, this.mostLookedAt);
    const over = looked.filter(({ devEui, updateId }) => {
      const update = this.#devices.get(devEui)?.rootKeys.update;
      const isOver = update?.status === "committed" || update?.status === "failed";
      return isOver || update?.updateId !== updateId;
    });
    const members = over.slice(0, limit);
    const isCut = over.length > limit || looked.length === this.mostLookedAt;
    const last = over.length > limit ? members.at(-1) : looked.at(-1);
    return Promise.resolve({ members, next: isCut ? last?.devEui : undefined });
  }

  leaseCampaign(id: string, owner: string, lease: { now: number; until: number }) {
    const held = this.#leases.get(id);
    if (held && held.owner !== owner && held.until > lease.now) return Promise.resolve(false);
    this.#leases.set(id, { owner, until: lease.until });
    return Promise.resolve(true);
  }

  releaseCampaign(id: string, owner: string): Promise<void> {
    if (this.#leases.get(id)?.owner === owner) this.#leases.delete(id);
    return Promise.resolve();
  }

  #of(id: string): Map<Eui64, CampaignMember> {
    return this.members.get(id) ?? new Map();
  }

  #write<T>(write: () => T): Promise<T> {
    return Promise.try(() => {
      let result: T | undefined;
      this.around(() => {
        result = write();
      });
      return result as T;
    });
  }
}
