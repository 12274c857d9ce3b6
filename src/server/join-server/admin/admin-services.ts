import type { PeerAdministration } from "../../../join-server/administration/peer-administration.ts";
import type { TokenAdministration } from "../../../join-server/administration/token-administration.ts";
import type { UpdateReports } from "../../../join-server/administration/update-reports.ts";
import type { Administration } from "../../../join-server/administration.ts";
import type { AuditLog } from "../../../join-server/ports/audit-log.ts";
import type { DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import type { WeakKeyReports } from "../../../join-server/weak-keys/weak-key-reports.ts";

/** What the routes of the administration API work with. */
export interface AdminServices {
  readonly administration: Administration;
  readonly peers: PeerAdministration;
  readonly tokens: TokenAdministration;
  readonly updateReports: UpdateReports;
  readonly weakKeyReports: WeakKeyReports;
  readonly auditLog: Pick<AuditLog, "readAudit" | "lastAudit">;
  readonly dataKeys: Pick<DataKeyStore, "listDataKeys" | "leastSealingVersion">;
}
