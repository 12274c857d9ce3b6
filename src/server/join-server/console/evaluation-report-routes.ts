import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Type } from "typebox";
import { WarrenError } from "../../../errors.ts";
import { formatTime } from "../../format-time.ts";
import type { HttpApp } from "../../http-app.ts";
import { orNull } from "../admin/schemas/common.ts";
import { isFileBelow } from "./file-below.ts";
import { REPORT_POLICY } from "./security-headers.ts";

/** Where `npm run evaluate` puts its report. */
const REPORT_FOLDER = fileURLToPath(new URL("../../../../evaluation-report", import.meta.url));
const PAGE = "index.html";

const ReportStateView = Type.Object(
  {
    writtenAt: orNull(
      Type.String({ format: "date-time", description: "ISO 8601 in UTC; null: there is none" }),
    ),
  },
  { title: "EvaluationReportState" },
);

/** `/console/evaluation-report/`: what `npm run evaluate` has written, to those who are signed in. */
export function addReportRoutes(scope: HttpApp, folder = REPORT_FOLDER): void {
  scope.get(
    "/console/evaluation-report/*",
    { config: { right: "any-token" }, schema: { hide: true } },
    async (request, reply) => {
      const path = (request.params as { "*": string })["*"] || PAGE;
      if (!(await isFileBelow(folder, PAGE))) {
        throw new WarrenError(
          "resource-unknown",
          "there is no evaluation report; run `npm run evaluate` in the folder of Warren, or set " +
            "console.evaluation_report_folder to the folder of one",
        );
      }
      if (!(await isFileBelow(folder, path))) {
        throw new WarrenError("resource-unknown", "the evaluation report has no such file");
      }
      return reply
        .header("content-security-policy", REPORT_POLICY)
        .header("cache-control", "private, no-cache")
        .sendFile(path, folder);
    },
  );
}

/** `GET /evaluation-report`: so that a page can ask whether there is one without being refused. */
export function addReportStateRoute(scope: HttpApp, folder = REPORT_FOLDER): void {
  scope.get(
    "/evaluation-report",
    {
      config: { right: "report:read" },
      schema: {
        tags: ["reports"],
        summary: "When the evaluation report was written, which is at /console/evaluation-report/",
        response: { 200: ReportStateView },
      },
    },
    async () => {
      if (!(await isFileBelow(folder, PAGE))) return { writtenAt: null };
      const { mtimeMs } = await stat(join(folder, PAGE));
      return { writtenAt: formatTime(Math.floor(mtimeMs)) };
    },
  );
}
