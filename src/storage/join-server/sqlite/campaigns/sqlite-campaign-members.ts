import { setImmediate } from "node:timers/promises";
import type { CampaignMember } from "../../../../join-server/campaigns/campaign.ts";
import type { MemberQuery, OverMembersPage } from "../../../../join-server/ports/campaign-store.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { SqliteDatabase } from "../../../sqlite-database.ts";
import { allOf } from "../../rows/searches/sql-condition.ts";
import {
  decodeMember,
  encodeMember,
  IS_OVER,
  LAST_DEV_EUI,
  MEMBER_COLUMNS,
  MEMBER_STATE_COLUMNS,
  MOST_LOOKED_AT,
  memberConditions,
  overMembersPage,
} from "../../rows/updates/member-codec.ts";

const ADD_MEMBER = `INSERT INTO campaign_members (${MEMBER_COLUMNS.join(", ")})
  VALUES (${MEMBER_COLUMNS.map(() => "?").join(", ")}) ON CONFLICT DO NOTHING`;
const SAVE_MEMBER = `UPDATE campaign_members
  SET ${MEMBER_STATE_COLUMNS.map((name, index) => `${name} = ?${index + 3}`).join(", ")}
  WHERE dev_eui = ?1 AND campaign_id = ?2`;
const SELECT_LEASE = "SELECT 1 FROM campaigns WHERE id = ? AND lease_owner = ?";
const SELECT_MEMBER = "SELECT * FROM campaign_members WHERE campaign_id = ? AND dev_eui = ?";
const OF_UNDER_WAY = "campaign_id = ? AND state = 'under-way' AND dev_eui > ?";
const UNDER_WAY_AFTER = `SELECT dev_eui FROM campaign_members
  WHERE ${OF_UNDER_WAY} ORDER BY dev_eui LIMIT 1 OFFSET ?`;
const SELECT_OVER = `SELECT m.* FROM
    (SELECT * FROM campaign_members WHERE ${OF_UNDER_WAY} AND dev_eui <= ?) AS m
  LEFT JOIN devices AS d ON d.dev_eui = m.dev_eui WHERE ${IS_OVER} ORDER BY m.dev_eui LIMIT ?`;

/** Members under way that one look at the devices takes: some milliseconds. */
const LOOKED_AT_ONCE = 1_000;

/** The devices of campaigns. */
export class SqliteCampaignMembers {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  add(id: string, members: readonly CampaignMember[]): void {
    this.#database.transaction(() => {
      for (const member of members) this.#database.run(ADD_MEMBER, ...encodeMember(id, member));
    });
  }

  /** Members whose device has been deleted are no members any more. */
  save(id: string, members: readonly CampaignMember[], owner: string | undefined): boolean {
    return this.#database.transaction(() => {
      if (owner !== undefined && !this.#database.get(SELECT_LEASE, id, owner)) return false;
      for (const member of members) this.#database.run(SAVE_MEMBER, ...encodeMember(id, member));
      return true;
    });
  }

  load(id: string, devEui: Eui64): CampaignMember | undefined {
    const row = this.#database.get(SELECT_MEMBER, id, devEui);
    return row && decodeMember(row);
  }

  find(
    id: string,
    query: MemberQuery,
    { limit, after }: { readonly limit: number; readonly after: Eui64 | undefined },
  ): CampaignMember[] {
    const where = allOf([
      { text: "campaign_id = ?", values: [id] },
      ...memberConditions(query),
      ...(after === undefined ? [] : [{ text: "dev_eui > ?", values: [after] }]),
    ]);
    const order = query.dueAt === undefined ? "dev_eui" : "next_attempt_at, dev_eui";
    return this.#database
      .all(
        `SELECT * FROM campaign_members WHERE ${where.text} ORDER BY ${order} LIMIT ?`,
        ...where.values,
        limit,
      )
      .map(decodeMember);
  }

  async findOver(
    id: string,
    { limit, after }: { readonly limit: number; readonly after: Eui64 | undefined },
  ): Promise<OverMembersPage> {
    const over: CampaignMember[] = [];
    let lookedUpTo = after;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += LOOKED_AT_ONCE) {
      const from = lookedUpTo ?? "";
      const row = this.#database.get(UNDER_WAY_AFTER, id, from, LOOKED_AT_ONCE - 1);
      lookedUpTo = row?.["dev_eui"] as Eui64 | undefined;
      const [to, left] = [lookedUpTo ?? LAST_DEV_EUI, limit - over.length];
      over.push(...this.#database.all(SELECT_OVER, id, from, to, left).map(decodeMember));
      if (lookedUpTo === undefined || over.length === limit) break;
      // Joins go on in between.
      await setImmediate();
    }
    return overMembersPage(over, limit, lookedUpTo);
  }
}
