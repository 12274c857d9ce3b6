import { WarrenError } from "../../../../errors.ts";
import type { AuditPlace, AuditQuery as Query } from "../../../../join-server/ports/audit-log.ts";
import { formatTime } from "../../../format-time.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { AuditPageView, AuditQuery, VaultView } from "../schemas/other-schemas.ts";

export function addAuditRoutes(scope: HttpApp, { auditLog, dataKeys }: AdminServices): void {
  scope.get(
    "/audit",
    {
      config: { right: "audit:read" },
      schema: {
        tags: ["audit"],
        summary: "Every change and every key read, each bound to the one before; oldest first",
        description:
          "A search looks at 10,000 entries at a time, so a page of one may have fewer entries than `limit`, " +
          "or none, and still go on.",
        querystring: AuditQuery,
        response: { 200: AuditPageView },
      },
    },
    async (request) => {
      const place = placeOf(request.query);
      const { entries, next } = await auditLog.findAudit(queryOf(request.query), place);
      const newest = await auditLog.lastAudit();
      return {
        entries: entries.map((entry) => ({ ...entry, details: { ...entry.details } })),
        next: next ?? null,
        head: newest === undefined ? null : { seq: newest.seq, hash: newest.hash },
      };
    },
  );
  scope.get(
    "/vault",
    {
      config: { right: "vault:read" },
      schema: {
        tags: ["vault"],
        summary: "Versions of the keys that the database is sealed under; nothing secret",
        response: { 200: VaultView },
      },
    },
    async () => {
      const records = await dataKeys.listDataKeys();
      return {
        leastSealingVersion: await dataKeys.leastSealingVersion(),
        dataKeys: records.map(({ version, vault, createdAt }) => ({
          version,
          vault,
          createdAt: formatTime(createdAt),
        })),
      };
    },
  );
}

/** @throws WarrenError `request-malformed` */
function placeOf({ order = "oldest", limit = 100, after, before }: AuditQuery): AuditPlace {
  if ((order === "newest" ? after : before) !== undefined) {
    throw new WarrenError(
      "request-malformed",
      "`before` goes with order=newest, `after` with the oldest first",
    );
  }
  return order === "newest"
    ? { order: "newest-first", beyond: before, limit }
    : { order: "oldest-first", beyond: after, limit };
}

function queryOf({ actor, action, subject }: AuditQuery): Query {
  return {
    ...(actor !== undefined && { actor }),
    ...(action?.endsWith(".") && { actionPrefix: action }),
    ...(action !== undefined && !action.endsWith(".") && { action }),
    ...(subject !== undefined && { subject }),
  };
}
