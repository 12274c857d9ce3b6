import { WarrenError } from "../../../errors.ts";
import type { HttpApp } from "../../http-app.ts";
import { isFileBelow } from "./file-below.ts";
import { REPORT_POLICY } from "./security-headers.ts";

/** `/console/evaluation-report/`: what `npm run evaluate` has written, to those who are signed in. */
export function addReportRoutes(scope: HttpApp, folder: string): void {
  scope.get(
    "/console/evaluation-report/*",
    { config: { right: "any-token" }, schema: { hide: true } },
    async (request, reply) => {
      const path = (request.params as { "*": string })["*"] || "index.html";
      if (!(await isFileBelow(folder, "index.html"))) {
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
