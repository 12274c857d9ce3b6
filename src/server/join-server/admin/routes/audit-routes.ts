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
        summary: "Every change and every key read, oldest first, each bound to the one before",
        querystring: AuditQuery,
        response: { 200: AuditPageView },
      },
    },
    async (request) => {
      const { limit = 100, after = 0 } = request.query;
      const entries = await auditLog.readAudit(after, limit);
      const newest = await auditLog.lastAudit();
      const last = entries.at(-1);
      return {
        entries: entries.map((entry) => ({ ...entry, details: { ...entry.details } })),
        next: last !== undefined && entries.length === limit ? last.seq : null,
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
