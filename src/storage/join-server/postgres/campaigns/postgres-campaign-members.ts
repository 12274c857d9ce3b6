import type { CampaignMember } from "../../../../join-server/campaigns/campaign.ts";
import type {
  MemberCounts,
  MemberQuery,
  OverMembersPage,
  ReasonCount,
} from "../../../../join-server/ports/campaign-store.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { PostgresDatabase, PostgresStatements } from "../../../postgres-database.ts";
import { allOf } from "../../rows/searches/sql-condition.ts";
import {
  countsOf,
  decodeMember,
  decodeReasonCount,
  encodeMember,
  IS_OVER,
  LAST_DEV_EUI,
  MAX_REASONS,
  MEMBER_COLUMNS,
  MEMBER_STATE_COLUMNS,
  MOST_LOOKED_AT,
  memberConditions,
  overMembersPage,
} from "../../rows/updates/member-codec.ts";
import { analyzeGrown } from "../statements/analyze-grown.ts";
import { jsonRows } from "../statements/json-rows.ts";
import { numbered } from "../statements/numbered.ts";

const COLUMNS = MEMBER_COLUMNS.join(", ");
const GIVEN = "json_populate_recordset(NULL::campaign_members, $1::json)";
/** In one order whoever writes, so that two do not wait for each other. */
const ADD_MEMBERS = `INSERT INTO campaign_members (${COLUMNS})
  SELECT ${COLUMNS} FROM ${GIVEN} ORDER BY dev_eui ON CONFLICT DO NOTHING`;
const SAVE_MEMBERS = `UPDATE campaign_members AS m
  SET ${MEMBER_STATE_COLUMNS.map((name) => `${name} = given.${name}`).join(", ")}
  FROM ${GIVEN} AS given
  WHERE m.dev_eui = given.dev_eui AND m.campaign_id = given.campaign_id`;
/** Nobody else takes the lease before the save is done. */
const LOCK_LEASE = "SELECT FROM campaigns WHERE id = $1 AND lease_owner = $2 FOR SHARE";
const SELECT_MEMBER = `SELECT ${COLUMNS} FROM campaign_members
  WHERE campaign_id = $1 AND dev_eui = $2`;
const COUNT_MEMBERS = `SELECT state, count(*) AS count FROM campaign_members
  WHERE campaign_id = $1 GROUP BY state`;
const COUNT_REASONS = `SELECT state, reason, count(*) AS count FROM campaign_members
  WHERE campaign_id = $1 AND reason IS NOT NULL
  GROUP BY state, reason ORDER BY count DESC, state, reason LIMIT ${MAX_REASONS}`;
const UNDER_WAY_AFTER = `SELECT dev_eui FROM campaign_members
  WHERE campaign_id = $1 AND state = 'under-way' AND dev_eui > $2
  ORDER BY dev_eui LIMIT 1 OFFSET ${MOST_LOOKED_AT - 1}`;
const SELECT_OVER = `SELECT ${MEMBER_COLUMNS.map((name) => `m.${name}`).join(", ")}
  FROM campaign_members AS m LEFT JOIN devices AS d ON d.dev_eui = m.dev_eui
  WHERE m.campaign_id = $1 AND m.state = 'under-way' AND m.dev_eui > $2 AND m.dev_eui <= $3
    AND (${IS_OVER})
  ORDER BY m.dev_eui LIMIT $4`;

/** For what nobody waits for who joins. */
const ADMINISTRATION_TIMEOUT_MS = 60_000;

/** The devices of campaigns. */
export class PostgresCampaignMembers {
  readonly #database: PostgresDatabase;

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  async add(id: string, members: readonly CampaignMember[]): Promise<void> {
    await this.#runWith(ADD_MEMBERS, members, { id, owner: undefined });
    await analyzeGrown(this.#database, ["campaign_members"]);
  }

  /** Members whose device has been deleted are no members any more. */
  save(
    id: string,
    members: readonly CampaignMember[],
    owner: string | undefined,
  ): Promise<boolean> {
    return this.#runWith(SAVE_MEMBERS, members, { id, owner });
  }

  async load(id: string, devEui: Eui64): Promise<CampaignMember | undefined> {
    const row = await this.#database.get(SELECT_MEMBER, id, devEui);
    return row && decodeMember(row);
  }

  async find(
    id: string,
    query: MemberQuery,
    { limit, after }: { readonly limit: number; readonly after: Eui64 | undefined },
  ): Promise<CampaignMember[]> {
    const { text, values } = numbered(
      allOf([
        { text: "campaign_id = ?", values: [id] },
        ...memberConditions(query),
        ...(after === undefined ? [] : [{ text: "dev_eui > ?", values: [after] }]),
      ]),
    );
    const order = query.dueAt === undefined ? "dev_eui" : "next_attempt_at, dev_eui";
    const rows = await this.#database.all(
      `SELECT ${COLUMNS} FROM campaign_members WHERE ${text} ORDER BY ${order} LIMIT ${limit}`,
      ...values,
    );
    return rows.map(decodeMember);
  }

  async count(id: string): Promise<MemberCounts> {
    return countsOf(await this.#allSlowly(COUNT_MEMBERS, id));
  }

  async countReasons(id: string): Promise<ReasonCount[]> {
    return (await this.#allSlowly(COUNT_REASONS, id)).map(decodeReasonCount);
  }

  findOver(
    id: string,
    { limit, after }: { readonly limit: number; readonly after: Eui64 | undefined },
  ): Promise<OverMembersPage> {
    const from = after ?? "";
    return this.#slowly(async (statements) => {
      const [last] = await statements.all(UNDER_WAY_AFTER, id, from);
      const lookedUpTo = last?.["dev_eui"] as Eui64 | undefined;
      const to = lookedUpTo ?? LAST_DEV_EUI;
      const rows = await statements.all(SELECT_OVER, id, from, to, limit);
      return overMembersPage(rows.map(decodeMember), limit, lookedUpTo);
    });
  }

  #allSlowly(sql: string, ...values: (string | number)[]) {
    return this.#slowly((statements) => statements.all(sql, ...values));
  }

  #slowly<T>(work: (statements: PostgresStatements) => Promise<T>): Promise<T> {
    return this.#database.transaction(work, { statementTimeoutMs: ADMINISTRATION_TIMEOUT_MS });
  }

  /** False when there is an owner that has not the lease. */
  #runWith(
    sql: string,
    members: readonly CampaignMember[],
    { id, owner }: { readonly id: string; readonly owner: string | undefined },
  ): Promise<boolean> {
    if (members.length === 0) return Promise.resolve(true);
    const rows = jsonRows(
      MEMBER_COLUMNS,
      members.map((member) => encodeMember(id, member)),
    );
    return this.#slowly(async (statements) => {
      const isHeld = owner === undefined || (await statements.get(LOCK_LEASE, id, owner));
      if (!isHeld) return false;
      await statements.run(sql, rows);
      return true;
    });
  }
}
