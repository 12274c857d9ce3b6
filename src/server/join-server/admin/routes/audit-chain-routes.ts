import { type Static, Type } from "typebox";
import type { AuditChainReport } from "../../../../join-server/audit/audit-chain-reports.ts";
import { formatTime } from "../../../format-time.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { orNull, Time } from "../schemas/common.ts";

const TAGS = ["reports"];
const count = (description: string) => Type.Integer({ minimum: 0, description });

const AuditChainReportView = Type.Object(
  {
    status: Type.Enum(["none", "running", "done", "failed"]),
    startedAt: orNull(Time),
    endedAt: orNull(Time),
    checked: count("entries so far, from the oldest on"),
    total: count("entries when it began"),
    isIntact: orNull(Type.Boolean({ description: "of one that is done" })),
    head: orNull(
      Type.Object(
        { seq: count("0 of an empty log"), hash: Type.String() },
        { description: "of a log that is intact: note it elsewhere" },
      ),
    ),
    brokenSeq: orNull(count("the first entry that is not as it was written")),
    problem: orNull(Type.String({ description: "what is wrong with it" })),
  },
  { title: "AuditChainReport" },
);

export function addAuditChainRoutes(
  scope: HttpApp,
  { auditChainReports }: Pick<AdminServices, "auditChainReports">,
): void {
  scope.post(
    "/reports/audit-chain",
    {
      config: { right: "audit:read" },
      schema: {
        tags: TAGS,
        summary: "Check the hash chain of the whole audit log; one check at a time",
        description:
          "It is this server that checks its own log: let another machine run `warren audit verify` too.",
        response: { 202: AuditChainReportView },
      },
    },
    (_request, reply) => {
      reply.code(202);
      return describeReport(auditChainReports.start());
    },
  );
  scope.get(
    "/reports/audit-chain",
    {
      config: { right: "audit:read" },
      schema: {
        tags: TAGS,
        summary: "The newest check of the audit log, or how far it is",
        response: { 200: AuditChainReportView },
      },
    },
    () => describeReport(auditChainReports.newest()),
  );
}

function describeReport(report: AuditChainReport | undefined): Static<typeof AuditChainReportView> {
  const verdict = report?.verdict;
  return {
    status: report?.status ?? "none",
    startedAt: formatTime(report?.startedAt),
    endedAt: formatTime(report?.endedAt),
    checked: report?.checked ?? 0,
    total: report?.total ?? 0,
    isIntact: verdict?.isIntact ?? null,
    head: verdict?.isIntact ? { ...verdict.head } : null,
    brokenSeq: verdict?.isIntact === false ? verdict.brokenSeq : null,
    problem: verdict?.isIntact === false ? verdict.problem : null,
  };
}
