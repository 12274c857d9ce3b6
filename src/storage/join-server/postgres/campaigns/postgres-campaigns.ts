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
import type { PostgresDatabase } from "../../../postgres-database.ts";
import {
  CAMPAIGN_COLUMNS,
  decodeCampaign,
  encodeCampaign,
  LONGEST_CLOCK_DIFFERENCE_MS,
} from "../../rows/updates/campaign-codec.ts";
import type { PostgresAuditLog } from "../postgres-audit-log.ts";
import { PostgresCampaignMembers } from "./postgres-campaign-members.ts";

const COLUMNS = CAMPAIGN_COLUMNS.join(", ");
const CREATE_CAMPAIGN = `INSERT INTO campaigns (${COLUMNS}) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id) DO NOTHING`;
const SAVE_CAMPAIGN = `UPDATE campaigns
  SET version = version + 1, created_at = $3, state = $4, campaign = $5
  WHERE id = $1 AND version = $2`;
const LEASE_CAMPAIGN = `UPDATE campaigns SET lease_owner = $2, lease_until = $3
  WHERE id = $1 AND (lease_owner IS NULL OR lease_owner = $2 OR lease_until <= $4 OR lease_until > $5)`;
const RELEASE_CAMPAIGN = `UPDATE campaigns SET lease_owner = NULL, lease_until = NULL
  WHERE id = $1 AND lease_owner = $2`;

/** For what nobody waits for who joins. */
const ADMINISTRATION_TIMEOUT_MS = 60_000;

export class PostgresCampaigns implements CampaignStore {
  readonly #database: PostgresDatabase;
  readonly #audit: PostgresAuditLog;
  readonly #members: PostgresCampaignMembers;

  constructor(database: PostgresDatabase, audit: PostgresAuditLog) {
    this.#database = database;
    this.#audit = audit;
    this.#members = new PostgresCampaignMembers(database);
  }

  createCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean> {
    return this.#change(CREATE_CAMPAIGN, encodeCampaign(campaign), audit);
  }

  async loadCampaign(id: string): Promise<Campaign | undefined> {
    const row = await this.#database.get(`SELECT ${COLUMNS} FROM campaigns WHERE id = $1`, id);
    return row && decodeCampaign(row);
  }

  async listCampaigns(): Promise<Campaign[]> {
    const sql = `SELECT ${COLUMNS} FROM campaigns ORDER BY created_at DESC, id DESC`;
    return (await this.#database.all(sql)).map(decodeCampaign);
  }

  saveCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean> {
    return this.#change(SAVE_CAMPAIGN, encodeCampaign(campaign), audit);
  }

  deleteCampaign(id: string, audit?: AuditEvent): Promise<boolean> {
    return this.#database.transaction(
      async (statements) => {
        const isDeleted = (await statements.run("DELETE FROM campaigns WHERE id = $1", id)) === 1;
        if (!isDeleted) return false;
        await statements.run("DELETE FROM campaign_members WHERE campaign_id = $1", id);
        await this.#audit.record(statements, [audit]);
        return true;
      },
      { statementTimeoutMs: ADMINISTRATION_TIMEOUT_MS },
    );
  }

  addMembers(id: string, members: readonly CampaignMember[]): Promise<void> {
    return this.#members.add(id, members);
  }

  loadMember(id: string, devEui: Eui64): Promise<CampaignMember | undefined> {
    return this.#members.load(id, devEui);
  }

  findMembers(
    id: string,
    query: MemberQuery,
    limit: number,
    after?: Eui64,
  ): Promise<CampaignMember[]> {
    return this.#members.find(id, query, { limit, after });
  }

  saveMembers(id: string, members: readonly CampaignMember[], owner?: string): Promise<boolean> {
    return this.#members.save(id, members, owner);
  }

  countMembers(id: string): Promise<MemberCounts> {
    return this.#members.count(id);
  }

  countReasons(id: string): Promise<ReasonCount[]> {
    return this.#members.countReasons(id);
  }

  findOverMembers(id: string, limit: number, after?: Eui64): Promise<OverMembersPage> {
    return this.#members.findOver(id, { limit, after });
  }

  async leaseCampaign(
    id: string,
    owner: string,
    { now, until }: { readonly now: number; readonly until: number },
  ): Promise<boolean> {
    return (
      (await this.#database.run(
        LEASE_CAMPAIGN,
        id,
        owner,
        until,
        now,
        until + LONGEST_CLOCK_DIFFERENCE_MS,
      )) === 1
    );
  }

  async releaseCampaign(id: string, owner: string): Promise<void> {
    await this.#database.run(RELEASE_CAMPAIGN, id, owner);
  }

  #change(
    sql: string,
    values: readonly (string | number)[],
    audit: AuditEvent | undefined,
  ): Promise<boolean> {
    return this.#database.transaction(async (statements) => {
      const isChanged = (await statements.run(sql, ...values)) === 1;
      if (isChanged) await this.#audit.record(statements, [audit]);
      return isChanged;
    });
  }
}
