import type { PeerAdministration } from "../../../join-server/administration/peer-administration.ts";
import type { TokenAdministration } from "../../../join-server/administration/token-administration.ts";
import type { UpdateReports } from "../../../join-server/administration/update-reports.ts";
import type { Administration } from "../../../join-server/administration.ts";
import type { AuditChainReports } from "../../../join-server/audit/audit-chain-reports.ts";
import type { Overview } from "../../../join-server/overview/overview.ts";
import type { AuditLog } from "../../../join-server/ports/audit-log.ts";
import type { DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import type { PeerContacts } from "../../../join-server/senders/peer-contacts.ts";
import type { WeakKeyReports } from "../../../join-server/weak-keys/weak-key-reports.ts";

/** What the routes of the administration API work with. */
export interface AdminServices {
  readonly administration: Administration;
  readonly peers: PeerAdministration;
  readonly tokens: TokenAdministration;
  readonly updateReports: UpdateReports;
  readonly weakKeyReports: WeakKeyReports;
  readonly auditLog: Pick<AuditLog, "readAudit" | "findAudit" | "lastAudit">;
  readonly overview: Overview;
  readonly auditChainReports: AuditChainReports;
  readonly contacts: PeerContacts;
  readonly dataKeys: Pick<DataKeyStore, "listDataKeys" | "leastSealingVersion">;
}
