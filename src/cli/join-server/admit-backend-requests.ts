import type { Server } from "node:http";
import type { Registry } from "prom-client";
import type { Logger } from "../../logger.ts";
import { admissionMetrics } from "../../metrics/admission-metrics.ts";
import {
  type AdmissionLimits,
  DROP_REASONS,
} from "../../server/join-server/backend/admission/admission.ts";
import { admitRequests } from "../../server/join-server/backend/admission/admit-requests.ts";
import { DropReport } from "../../server/join-server/backend/admission/drop-report.ts";

/** Puts an admission in front of the listener for peers, unless there are no limits; counted, and told to the log. */
export function admitBackendRequests(
  server: Server,
  limits: AdmissionLimits | undefined,
  { registry, logger }: { readonly registry: Registry; readonly logger: Logger },
): void {
  if (limits === undefined) return;
  const report = new DropReport(logger);
  const count = admissionMetrics(registry, DROP_REASONS, () => admission.waiting);
  const admission = admitRequests(server, {
    ...limits,
    observe: (reason) => {
      count(reason);
      report.note(reason);
    },
  });
}
