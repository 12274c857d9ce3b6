import type { Clock } from "../../../clock.ts";
import { AuditChainReports } from "../../../join-server/audit/audit-chain-reports.ts";
import { Overview } from "../../../join-server/overview/overview.ts";
import type { SeenByProcess } from "../../../join-server/overview/seen-by-process.ts";
import type { JoinServerStore } from "../../../join-server/ports/join-server-store.ts";
import type { Logger } from "../../../logger.ts";
import type { HttpApp } from "../../http-app.ts";
import type { AdminServices } from "../admin/admin-services.ts";
import { addAuditChainRoutes } from "../admin/routes/audit-chain-routes.ts";
import { addActivityRoutes } from "./activity-routes.ts";
import { expiriesOfPeers } from "./certificate-expiries.ts";
import { addOverviewRoute } from "./overview-routes.ts";
import { addSettingsRoute, type SettingsView } from "./settings-routes.ts";

/** What the process around the administration API knows and the database does not. */
export interface ObservedProcess {
  /** To be given every event. */
  readonly seen: SeenByProcess;
  /** Certificates of listeners and of connected peers, epoch milliseconds. */
  readonly certificateExpiries: () => readonly number[];
  /** How it runs. */
  readonly settings: () => SettingsView;
}

type Observations = Pick<AdminServices, "overview" | "auditChainReports" | "contacts">;

/** What answers what an operator looks at, and changes nothing. */
export function createObservations(
  store: JoinServerStore,
  process: ObservedProcess,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Observations {
  const certificateExpiries = async () => [
    ...process.certificateExpiries(),
    ...(await expiriesOfPeers(store)),
  ];
  return {
    overview: new Overview({ store, clock, certificateExpiries }),
    auditChainReports: new AuditChainReports({ store, clock, logger }),
    contacts: process.seen.contacts,
  };
}

export function addObservationRoutes(
  scope: HttpApp,
  services: Observations,
  { process, clock }: { readonly process: ObservedProcess; readonly clock: Clock },
): void {
  addOverviewRoute(scope, services);
  addAuditChainRoutes(scope, services);
  addActivityRoutes(scope, process.seen, clock);
  addSettingsRoute(scope, process.settings);
}
