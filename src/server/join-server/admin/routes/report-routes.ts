import type { Static } from "typebox";
import type { WeakKeyReportState } from "../../../../join-server/weak-keys/weak-key-reports.ts";
import { formatTime } from "../../../format-time.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { callerOf } from "../route-access.ts";
import { ReportQuery, WeakKeyReportView } from "../schemas/other-schemas.ts";

const TAGS = ["reports"];

export function addReportRoutes(scope: HttpApp, { weakKeyReports }: AdminServices): void {
  scope.post(
    "/reports/weak-keys",
    {
      config: { right: "report:read" },
      schema: {
        tags: TAGS,
        summary: "Look for weak root keys on all devices; one report at a time",
        response: { 202: WeakKeyReportView },
      },
    },
    (request, reply) => {
      reply.code(202);
      return describeReport(weakKeyReports.start(callerOf(request).actor), {});
    },
  );
  scope.get(
    "/reports/weak-keys",
    {
      config: { right: "report:read" },
      schema: {
        tags: TAGS,
        summary: "The newest report, or how far it is",
        querystring: ReportQuery,
        response: { 200: WeakKeyReportView },
      },
    },
    (request) => describeReport(weakKeyReports.newest(), request.query),
  );
}

function describeReport(
  state: WeakKeyReportState | undefined,
  { limit = 100, after = 0 }: { limit?: number; after?: number },
): Static<typeof WeakKeyReportView> {
  if (state === undefined) {
    const nothing = { counts: {}, findings: [], next: null };
    return { status: "none", startedAt: null, endedAt: null, progress: 0, ...nothing };
  }
  const { status, startedAt, endedAt, steps, stepsDone, counts, findings } = state;
  const end = after + limit;
  return {
    status,
    startedAt: formatTime(startedAt),
    endedAt: formatTime(endedAt),
    progress: status === "done" || steps === 0 ? 1 : Math.min(1, stepsDone / steps),
    counts,
    findings: findings.slice(after, end),
    next: end < findings.length ? end : null,
  };
}
