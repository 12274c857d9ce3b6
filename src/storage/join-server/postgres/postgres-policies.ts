import type { UpdatePolicySettings } from "../../../join-server/policies/update-policy-settings.ts";
import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { DeviceProfile, PolicyStore } from "../../../join-server/ports/policy-store.ts";
import type { PostgresDatabase } from "../../postgres-database.ts";
import {
  ALL_DEVICES,
  decodeProfile,
  encodeProfile,
  POLICY_COLUMNS,
} from "../rows/updates/policy-codec.ts";
import type { PostgresAuditLog } from "./postgres-audit-log.ts";

const COLUMNS = POLICY_COLUMNS.join(", ");
const SAVE_PROFILE = `INSERT INTO update_policies (${COLUMNS}) VALUES ($1, $2, $3)
  ON CONFLICT (device_profile) DO UPDATE
  SET description = excluded.description, policy = excluded.policy`;
const SELECT_ALL_DEVICES = `SELECT ${COLUMNS} FROM update_policies WHERE device_profile = $1`;
const SELECT_PROFILES = `SELECT ${COLUMNS} FROM update_policies WHERE device_profile <> $1
  ORDER BY device_profile`;
const DELETE_PROFILE = `DELETE FROM update_policies
  WHERE device_profile = $1 AND device_profile <> $2`;

export class PostgresPolicies implements PolicyStore {
  readonly #database: PostgresDatabase;
  readonly #audit: PostgresAuditLog;

  constructor(database: PostgresDatabase, audit: PostgresAuditLog) {
    this.#database = database;
    this.#audit = audit;
  }

  async loadUpdatePolicy(): Promise<UpdatePolicySettings> {
    const row = await this.#database.get(SELECT_ALL_DEVICES, ALL_DEVICES);
    return row === undefined ? {} : decodeProfile(row).updatePolicy;
  }

  saveUpdatePolicy(policy: UpdatePolicySettings, audit?: AuditEvent): Promise<void> {
    return this.#save({ name: ALL_DEVICES, description: "", updatePolicy: policy }, audit);
  }

  async listDeviceProfiles(): Promise<DeviceProfile[]> {
    return (await this.#database.all(SELECT_PROFILES, ALL_DEVICES)).map(decodeProfile);
  }

  saveDeviceProfile(profile: DeviceProfile, audit?: AuditEvent): Promise<void> {
    return this.#save(profile, audit);
  }

  deleteDeviceProfile(name: string, audit?: AuditEvent): Promise<boolean> {
    return this.#database.transaction(async (statements) => {
      const isDeleted = (await statements.run(DELETE_PROFILE, name, ALL_DEVICES)) === 1;
      if (isDeleted) await this.#audit.record(statements, [audit]);
      return isDeleted;
    });
  }

  #save(profile: DeviceProfile, audit: AuditEvent | undefined): Promise<void> {
    return this.#database.transaction(async (statements) => {
      await statements.run(SAVE_PROFILE, ...encodeProfile(profile));
      await this.#audit.record(statements, [audit]);
    });
  }
}
