import {
  type CampaignMember,
  MEMBER_STATES,
  type MemberState,
} from "../../../../join-server/campaigns/campaign.ts";
import type {
  MemberCounts,
  MemberQuery,
  OverMembersPage,
  ReasonCount,
} from "../../../../join-server/ports/campaign-store.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import { type ColumnValue, numberOf, type StoredRow } from "../column.ts";
import type { SqlCondition } from "../searches/sql-condition.ts";

/** What changes of a member. */
export const MEMBER_STATE_COLUMNS = [
  "state",
  "is_canary",
  "attempts",
  "update_id",
  "next_attempt_at",
  "started_at",
  "ended_at",
  "reason",
] as const;

export const MEMBER_COLUMNS = ["dev_eui", "campaign_id", ...MEMBER_STATE_COLUMNS] as const;

/** The values of `MEMBER_COLUMNS`. */
export function encodeMember(campaignId: string, member: CampaignMember): ColumnValue[] {
  return [
    member.devEui,
    campaignId,
    member.state,
    Number(member.isCanary),
    member.attempts,
    member.updateId ?? null,
    member.nextAttemptAt,
    member.startedAt ?? null,
    member.endedAt ?? null,
    member.reason ?? null,
  ];
}

export function decodeMember(row: StoredRow): CampaignMember {
  return {
    devEui: row["dev_eui"] as Eui64,
    state: row["state"] as MemberState,
    isCanary: Number(row["is_canary"]) === 1,
    attempts: Number(row["attempts"]),
    updateId: numberOf(row["update_id"]),
    nextAttemptAt: Number(row["next_attempt_at"]),
    startedAt: numberOf(row["started_at"]),
    endedAt: numberOf(row["ended_at"]),
    reason: (row["reason"] as string | null) ?? undefined,
  };
}

/** @param rows with `state` and `count` */
export function countsOf(rows: readonly StoredRow[]): MemberCounts {
  const counts = new Map(rows.map((row) => [row["state"], Number(row["count"])]));
  const entries = MEMBER_STATES.map((state) => [state, counts.get(state) ?? 0]);
  return Object.fromEntries(entries) as MemberCounts;
}

/** How many reasons are counted one by one. */
export const MAX_REASONS = 64;

/** @param row with `state`, `reason` and `count` */
export function decodeReasonCount(row: StoredRow): ReasonCount {
  return {
    state: row["state"] as MemberState,
    reason: row["reason"] as string,
    count: Number(row["count"]),
  };
}

/** A query as conditions that must all hold; none for all members. */
export function memberConditions(query: MemberQuery): SqlCondition[] {
  const { states, isCanary, dueAt } = query;
  const conditions: SqlCondition[] = [];
  if (states !== undefined) {
    const places = states.map(() => "?").join(", ");
    conditions.push(
      states.length === 0
        ? { text: "1 = 0", values: [] }
        : { text: `state IN (${places})`, values: states },
    );
  }
  if (isCanary !== undefined) {
    // Not as a value: an index has the canaries alone.
    conditions.push({ text: `is_canary = ${Number(isCanary)}`, values: [] });
  }
  if (dueAt !== undefined) conditions.push({ text: "next_attempt_at <= ?", values: [dueAt] });
  return conditions;
}

/** Of a member `m` and its device `d`, if there is one: whether the attempt under way is over. */
export const IS_OVER = `d.dev_eui IS NULL OR d.last_update_id <> coalesce(m.update_id, 0)
  OR d.update_status IS NULL OR d.update_status IN ('committed', 'failed')`;

/** Members under way that one search for those that are over looks at. */
export const MOST_LOOKED_AT = 10_000;
/** No DevEUI is behind it. */
export const LAST_DEV_EUI = "f".repeat(16);

/**
 * @param over those that were found, up to `limit`
 * @param lookedUpTo the last member that was looked at; undefined when that was the last of all
 */
export function overMembersPage(
  over: readonly CampaignMember[],
  limit: number,
  lookedUpTo: Eui64 | undefined,
): OverMembersPage {
  return { members: over, next: over.length < limit ? lookedUpTo : over.at(-1)?.devEui };
}
