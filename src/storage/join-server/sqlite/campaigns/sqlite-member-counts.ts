import { setImmediate } from "node:timers/promises";
import { MEMBER_STATES } from "../../../../join-server/campaigns/campaign.ts";
import type { MemberCounts, ReasonCount } from "../../../../join-server/ports/campaign-store.ts";
import type { Row, SqliteDatabase } from "../../../sqlite-database.ts";
import { countsOf, decodeReasonCount, MAX_REASONS } from "../../rows/updates/member-codec.ts";

/** Index entries that are counted before joins go on: some milliseconds. */
const COUNTED_AT_ONCE = 20_000;

type Value = Row[string];

/** Rows that stand side by side in an index, which is not read beside it. */
interface IndexPart {
  /** With a place for each of `values`. */
  readonly where: string;
  readonly values: readonly Value[];
  /** The columns of the index that follow, and a place before the first of their values. */
  readonly order: readonly string[];
  readonly first: readonly Value[];
}

/**
 * How many members of a campaign are in each state. Few are counted at once, so that the numbers belong
 * together; of many the runner of the campaign may change some meanwhile.
 */
export async function countMembers(database: SqliteDatabase, id: string): Promise<MemberCounts> {
  const counter = new StepCounter(database);
  const rows: Row[] = [];
  for (const state of MEMBER_STATES) {
    const count = await counter.count({
      where: "campaign_id = ? AND state = ?",
      values: [id, state],
      order: ["next_attempt_at", "dev_eui"],
      first: [Number.MIN_SAFE_INTEGER, ""],
    });
    rows.push({ state, count });
  }
  return countsOf(rows);
}

/** See `CampaignStore.countReasons`. */
export async function countReasons(database: SqliteDatabase, id: string): Promise<ReasonCount[]> {
  const counter = new StepCounter(database);
  const counts: ReasonCount[] = [];
  let next = database.get(NEXT_REASON, id, "", "");
  while (next !== undefined) {
    const pair = [next["state"] as string, next["reason"] as string] as const;
    const count = await counter.count({
      where: "campaign_id = ? AND state = ? AND reason = ?",
      values: [id, ...pair],
      order: ["dev_eui"],
      first: [""],
    });
    counts.push(decodeReasonCount({ ...next, count }));
    next = database.get(NEXT_REASON, id, ...pair);
  }
  // Found in the order of state and reason, which stays where the counts are the same.
  return counts.toSorted((one, other) => other.count - one.count).slice(0, MAX_REASONS);
}

const NEXT_REASON = `SELECT state, reason FROM campaign_members
  WHERE campaign_id = ? AND reason IS NOT NULL AND (state, reason) > (?, ?)
  ORDER BY state, reason LIMIT 1`;

class StepCounter {
  readonly #database: SqliteDatabase;
  #left = COUNTED_AT_ONCE;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async count({ where, values, order, first }: IndexPart): Promise<number> {
    const columns = order.join(", ");
    const rest = `FROM campaign_members WHERE ${where} AND (${columns}) > (${order.map(() => "?").join(", ")})`;
    const placeAfter = `SELECT ${columns} ${rest} ORDER BY ${columns} LIMIT 1 OFFSET ?`;
    let count = 0;
    let place = first;
    for (;;) {
      const row = this.#database.get(placeAfter, ...values, ...place, this.#left - 1);
      if (row === undefined) break;
      count += this.#left;
      place = order.map((column) => row[column] as Value);
      this.#left = COUNTED_AT_ONCE;
      await setImmediate();
    }
    const last = this.#database.get(`SELECT count(*) AS count ${rest}`, ...values, ...place);
    const few = Number(last?.["count"]);
    this.#left -= few;
    return count + few;
  }
}
