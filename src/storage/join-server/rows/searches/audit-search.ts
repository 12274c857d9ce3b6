import type { AuditPage, AuditPlace, AuditQuery } from "../../../../join-server/ports/audit-log.ts";
import { decodeAuditEntry } from "../audit-codec.ts";
import type { StoredRow } from "../column.ts";
import { allOf, type SqlCondition } from "./sql-condition.ts";

/** How many entries one statement looks at, whether they are wanted or not. */
const MAX_ROWS_LOOKED_AT = 10_000;

/** A search of the audit log as one statement, and what its rows mean. */
export interface AuditSearch {
  readonly where: SqlCondition;
  /** What follows ORDER BY. */
  readonly order: string;
  /** One more than asked for: it says whether there is more. */
  readonly limit: number;
  /** @param rows what the statement gave */
  readonly pageOf: (rows: readonly StoredRow[]) => AuditPage;
}

/** @param headSeq seq of the newest entry, 0 when there is none */
export function auditSearch(query: AuditQuery, place: AuditPlace, headSeq: number): AuditSearch {
  const filters = filtersOf(query);
  const isNewestFirst = place.order === "newest-first";
  const start = place.beyond ?? (isNewestFirst ? headSeq + 1 : 0);
  const end = isNewestFirst ? start - MAX_ROWS_LOOKED_AT : start + MAX_ROWS_LOOKED_AT;
  const range: SqlCondition[] = isNewestFirst
    ? [
        { text: "seq < ?", values: [start] },
        { text: "seq >= ?", values: [end] },
      ]
    : [
        { text: "seq > ?", values: [start] },
        { text: "seq <= ?", values: [end] },
      ];
  const isEndBeforeTheLast = isNewestFirst ? end > 1 : end < headSeq;
  return {
    where: allOf([...range, ...filters]),
    order: isNewestFirst ? "seq DESC" : "seq",
    limit: place.limit + 1,
    pageOf: (rows) => {
      const entries = rows.slice(0, place.limit).map(decodeAuditEntry);
      const nextOfSlice = isEndBeforeTheLast ? end : undefined;
      return { entries, next: rows.length > place.limit ? entries.at(-1)?.seq : nextOfSlice };
    },
  };
}

function filtersOf({ actor, action, actionPrefix, subject }: AuditQuery): SqlCondition[] {
  const equals: readonly [string, string | undefined][] = [
    ["actor", actor],
    ["action", action],
    ["subject", subject],
  ];
  return [
    ...equals.flatMap(([column, value]) =>
      value === undefined ? [] : [{ text: `${column} = ?`, values: [value] }],
    ),
    // In octets or letters alike: actions are ASCII.
    ...(actionPrefix === undefined
      ? []
      : [
          {
            text: "substr(action, 1, ?) = ?",
            values: [actionPrefix.length, actionPrefix],
          },
        ]),
  ];
}
