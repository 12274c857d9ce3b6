import type { UpdatePolicySettings } from "../../../join-server/policies/update-policy-settings.ts";
import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { DeviceProfile, PolicyStore } from "../../../join-server/ports/policy-store.ts";
import type { SqliteDatabase } from "../../sqlite-database.ts";
import {
  ALL_DEVICES,
  decodeProfile,
  encodeProfile,
  POLICY_COLUMNS,
} from "../rows/updates/policy-codec.ts";
import type { SqliteAuditLog } from "./sqlite-audit-log.ts";

const SAVE_PROFILE = `INSERT OR REPLACE INTO update_policies (${POLICY_COLUMNS.join(", ")})
  VALUES (?, ?, ?)`;
const SELECT_ALL_DEVICES = "SELECT * FROM update_policies WHERE device_profile = ?";
const SELECT_PROFILES = `SELECT * FROM update_policies WHERE device_profile <> ?
  ORDER BY device_profile`;
const DELETE_PROFILE =
  "DELETE FROM update_policies WHERE device_profile = ? AND device_profile <> ?";

export class SqlitePolicies implements PolicyStore {
  readonly #database: SqliteDatabase;
  readonly #audit: SqliteAuditLog;

  constructor(database: SqliteDatabase, audit: SqliteAuditLog) {
    this.#database = database;
    this.#audit = audit;
  }

  loadUpdatePolicy(): Promise<UpdatePolicySettings> {
    return Promise.try(() => {
      const row = this.#database.get(SELECT_ALL_DEVICES, ALL_DEVICES);
      return row === undefined ? {} : decodeProfile(row).updatePolicy;
    });
  }

  saveUpdatePolicy(policy: UpdatePolicySettings, audit?: AuditEvent): Promise<void> {
    return this.#save({ name: ALL_DEVICES, description: "", updatePolicy: policy }, audit);
  }

  listDeviceProfiles(): Promise<DeviceProfile[]> {
    return Promise.try(() => this.#database.all(SELECT_PROFILES, ALL_DEVICES).map(decodeProfile));
  }

  saveDeviceProfile(profile: DeviceProfile, audit?: AuditEvent): Promise<void> {
    return this.#save(profile, audit);
  }

  deleteDeviceProfile(name: string, audit?: AuditEvent): Promise<boolean> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        const isDeleted = this.#database.run(DELETE_PROFILE, name, ALL_DEVICES) === 1;
        if (isDeleted) this.#audit.record(audit);
        return isDeleted;
      }),
    );
  }

  #save(profile: DeviceProfile, audit: AuditEvent | undefined): Promise<void> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        this.#database.run(SAVE_PROFILE, ...encodeProfile(profile));
        this.#audit.record(audit);
      }),
    );
  }
}
