import type { Campaign, CampaignMember } from "../../../../join-server/campaigns/campaign.ts";
import type { AuditEvent } from "../../../../join-server/ports/audit-log.ts";
import type {
  CampaignStore,
  MemberCounts,
  MemberQuery,
  OverMembersPage,
  ReasonCount,
} from "../../../../join-server/ports/campaign-store.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { SqliteDatabase } from "../../../sqlite-database.ts";
import {
  CAMPAIGN_COLUMNS,
  decodeCampaign,
  encodeCampaign,
  LONGEST_CLOCK_DIFFERENCE_MS,
} from "../../rows/updates/campaign-codec.ts";
import type { SqliteAuditLog } from "../sqlite-audit-log.ts";
import { SqliteCampaignMembers } from "./sqlite-campaign-members.ts";
import { countMembers, countReasons } from "./sqlite-member-counts.ts";

const CREATE_CAMPAIGN = `INSERT INTO campaigns (${CAMPAIGN_COLUMNS.join(", ")})
  VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
const SAVE_CAMPAIGN = `UPDATE campaigns SET version = version + 1, created_at = ?3, state = ?4, campaign = ?5
  WHERE id = ?1 AND version = ?2`;
const LEASE_CAMPAIGN = `UPDATE campaigns SET lease_owner = ?2, lease_until = ?3
  WHERE id = ?1 AND (lease_owner IS NULL OR lease_owner = ?2 OR lease_until <= ?4 OR lease_until > ?5)`;
const RELEASE_CAMPAIGN = `UPDATE campaigns SET lease_owner = NULL, lease_until = NULL
  WHERE id = ? AND lease_owner = ?`;

export class SqliteCampaigns implements CampaignStore {
  readonly #database: SqliteDatabase;
  readonly #audit: SqliteAuditLog;
  readonly #members: SqliteCampaignMembers;

  constructor(database: SqliteDatabase, audit: SqliteAuditLog) {
    this.#database = database;
    this.#audit = audit;
    this.#members = new SqliteCampaignMembers(database);
  }

  createCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean> {
    return this.#change(CREATE_CAMPAIGN, encodeCampaign(campaign), audit);
  }

  loadCampaign(id: string): Promise<Campaign | undefined> {
    return Promise.try(() => {
      const row = this.#database.get("SELECT * FROM campaigns WHERE id = ?", id);
      return row && decodeCampaign(row);
    });
  }

  listCampaigns(): Promise<Campaign[]> {
    return Promise.try(() =>
      this.#database
        .all("SELECT * FROM campaigns ORDER BY created_at DESC, id DESC")
        .map(decodeCampaign),
    );
  }

  saveCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean> {
    return this.#change(SAVE_CAMPAIGN, encodeCampaign(campaign), audit);
  }

  deleteCampaign(id: string, audit?: AuditEvent): Promise<boolean> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        if (this.#database.run("DELETE FROM campaigns WHERE id = ?", id) === 0) return false;
        this.#database.run("DELETE FROM campaign_members WHERE campaign_id = ?", id);
        this.#audit.record(audit);
        return true;
      }),
    );
  }

  addMembers(id: string, members: readonly CampaignMember[]): Promise<void> {
    return Promise.try(() => this.#members.add(id, members));
  }

  loadMember(id: string, devEui: Eui64): Promise<CampaignMember | undefined> {
    return Promise.try(() => this.#members.load(id, devEui));
  }

  findMembers(
    id: string,
    query: MemberQuery,
    limit: number,
    after?: Eui64,
  ): Promise<CampaignMember[]> {
    return Promise.try(() => this.#members.find(id, query, { limit, after }));
  }

  saveMembers(id: string, members: readonly CampaignMember[], owner?: string): Promise<boolean> {
    return Promise.try(() => this.#members.save(id, members, owner));
  }

  countMembers(id: string): Promise<MemberCounts> {
    return countMembers(this.#database, id);
  }

  countReasons(id: string): Promise<ReasonCount[]> {
    return countReasons(this.#database, id);
  }

  findOverMembers(id: string, limit: number, after?: Eui64): Promise<OverMembersPage> {
    return this.#members.findOver(id, { limit, after });
  }

  leaseCampaign(
    id: string,
    owner: string,
    { now, until }: { readonly now: number; readonly until: number },
  ): Promise<boolean> {
    return Promise.try(
      () =>
        this.#database.run(
          LEASE_CAMPAIGN,
          id,
          owner,
          until,
          now,
          until + LONGEST_CLOCK_DIFFERENCE_MS,
        ) === 1,
    );
  }

  releaseCampaign(id: string, owner: string): Promise<void> {
    return Promise.try(() => {
      this.#database.run(RELEASE_CAMPAIGN, id, owner);
    });
  }

  #change(
    sql: string,
    values: readonly (string | number)[],
    audit: AuditEvent | undefined,
  ): Promise<boolean> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        const isChanged = this.#database.run(sql, ...values) === 1;
        if (isChanged) this.#audit.record(audit);
        return isChanged;
      }),
    );
  }
}
