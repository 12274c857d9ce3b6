import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Campaign, CampaignMember, MemberState } from "../campaigns/campaign.ts";
import type { AuditEvent } from "./audit-log.ts";

/** How many devices of a campaign are in each state. */
export type MemberCounts = Readonly<Record<MemberState, number>>;

/** How many devices of a campaign have a reason, such as `expired` of failed ones. */
export interface ReasonCount {
  readonly state: MemberState;
  readonly reason: string;
  readonly count: number;
}

/** Some of those under way whose attempt is over, of as many as one look was worth. */
export interface OverMembersPage {
  readonly members: readonly CampaignMember[];
  /** Where to go on looking; undefined at the end. */
  readonly next: Eui64 | undefined;
}

/** Which devices of a campaign are wanted. */
export interface MemberQuery {
  readonly states?: readonly MemberState[];
  readonly isCanary?: boolean;
  /**
   * `nextAttemptAt` is not after this; the earliest come first then, and there is no next page (`after`).
   * Else the order is that of the DevEUI.
   */
  readonly dueAt?: number;
}

/**
 * Where campaigns are kept. A device and its place in a campaign are never changed in one transaction, so that
 * both can be distributed by the DevEUI: whoever runs a campaign looks at the device again after a crash.
 *
 * @throws WarrenError `storage-failed` from every method
 */
export interface CampaignStore {
  /** @returns false when there is one with this id */
  createCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean>;
  loadCampaign(id: string): Promise<Campaign | undefined>;
  /** Newest first. */
  listCampaigns(): Promise<Campaign[]>;
  /** As `DeviceStore.saveDevice`: false when the stored version is another. */
  saveCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean>;
  /** With its devices' places in it. */
  deleteCampaign(id: string, audit?: AuditEvent): Promise<boolean>;

  /** Adds devices; one that is in it already stays as it is. */
  addMembers(id: string, members: readonly CampaignMember[]): Promise<void>;
  loadMember(id: string, devEui: Eui64): Promise<CampaignMember | undefined>;
  findMembers(
    id: string,
    query: MemberQuery,
    limit: number,
    after?: Eui64,
  ): Promise<CampaignMember[]>;
  /** @returns false, and nothing is saved, when there is an `owner` and the lease is not (any more) theirs */
  saveMembers(id: string, members: readonly CampaignMember[], owner?: string): Promise<boolean>;
  countMembers(id: string): Promise<MemberCounts>;
  /** Of those that have a reason; the most frequent first, at most 64. */
  countReasons(id: string): Promise<ReasonCount[]>;
  /**
   * Devices under way whose attempt is over, or whose device is gone: the update on record is committed or
   * failed, or is of another UpdateID. In the order of DevEUI, after `after`; looks at ten thousand under way at
   * most, so that a million cost no more at a time.
   */
  findOverMembers(id: string, limit: number, after?: Eui64): Promise<OverMembersPage>;

  /**
   * Takes or keeps the right to run a campaign, which one process has at a time.
   *
   * @param owner names the process
   * @returns false when another has it until after `now`, but for one that ends more than an hour after `until`
   */
  leaseCampaign(
    id: string,
    owner: string,
    lease: { readonly now: number; readonly until: number },
  ): Promise<boolean>;
  releaseCampaign(id: string, owner: string): Promise<void>;
}
