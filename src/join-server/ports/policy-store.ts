import type { UpdatePolicySettings } from "../policies/update-policy-settings.ts";
import type { AuditEvent } from "./audit-log.ts";

/** Devices of one kind, with what their updates have in common. */
export interface DeviceProfile {
  /** 1 to 64 characters; devices name it. */
  readonly name: string;
  readonly description: string;
  readonly updatePolicy: UpdatePolicySettings;
}

/** The policies that are not of one device. Few, read often: an implementation may keep them for a second. */
export interface PolicyStore {
  /** Empty until somebody says otherwise. */
  loadUpdatePolicy(): Promise<UpdatePolicySettings>;
  saveUpdatePolicy(policy: UpdatePolicySettings, audit?: AuditEvent): Promise<void>;
  /** In the order of their names. */
  listDeviceProfiles(): Promise<DeviceProfile[]>;
  saveDeviceProfile(profile: DeviceProfile, audit?: AuditEvent): Promise<void>;
  /** @returns false when there is none */
  deleteDeviceProfile(name: string, audit?: AuditEvent): Promise<boolean>;
}
