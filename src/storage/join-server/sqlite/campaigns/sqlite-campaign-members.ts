import { setImmediate } from "node:timers/promises";
import type { CampaignMember } from "../../../../join-server/campaigns/campaign.ts";
import type { MemberQuery } from "../../../../join-server/ports/campaign-store.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { SqliteDatabase } from "../../../sqlite-database.ts";
import { allOf } from "../../rows/searches/sql-condition.ts";
import {
  decodeMember,
  encodeMember,
  IS_OVER,
  MEMBER_COLUMNS,
  MEMBER_STATE_COLUMNS,
  memberConditions,
} from "../../rows/updates/member-codec.ts";

const ADD_MEMBER = `INSERT INTO campaign_members (${MEMBER_COLUMNS.join(", ")})
  VALUES (${MEMBER_COLUMNS.map(() => "?").join(", ")}) ON CONFLICT DO NOTHING`;
const SAVE_MEMBER = `UPDATE campaign_members
  SET ${MEMBER_STATE_COLUMNS.map((name, index) => `${name} = ?${index + 3}`).join(", ")}
  WHERE dev_eui = ?1 AND campaign_id = ?2`;
const SELECT_LEASE = "SELECT 1 FROM campaigns WHERE id = ? AND lease_owner = ?";
const SELECT_MEMBER = "SELECT * FROM campaign_members WHERE campaign_id = ? AND dev_eui = ?";
const SELECT_UNDER_WAY = `SELECT m.*, ${IS_OVER} AS is_over
  FROM (SELECT * FROM campaign_members
        WHERE campaign_id = ? AND state = 'under-way' AND dev_eui > ? ORDER BY dev_eui LIMIT ?) AS m
  LEFT JOIN devices AS d ON d.dev_eui = m.dev_eui ORDER BY m.dev_eui`;

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

  async findOver(id: string, limit: number): Promise<CampaignMember[]> {
    const over: CampaignMember[] = [];
    let after = "";
    while (over.length < limit) {
      const rows = this.#database.all(SELECT_UNDER_WAY, id, after, LOOKED_AT_ONCE);
      for (const row of rows) if (row["is_over"] === 1) over.push(decodeMember(row));
      if (rows.length < LOOKED_AT_ONCE) break;
      after = rows.at(-1)?.["dev_eui"] as string;
      // Joins go on in between.
      await setImmediate();
    }
    return over.slice(0, limit);
  }
}
