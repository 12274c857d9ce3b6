import type { UpdatePolicySettings } from "../../../../join-server/policies/update-policy-settings.ts";
import type { DeviceProfile } from "../../../../join-server/ports/policy-store.ts";
import type { StoredRow } from "../column.ts";

/** The row of `update_policies` that holds for all devices; a profile has a name. */
export const ALL_DEVICES = "";

export const POLICY_COLUMNS = ["device_profile", "description", "policy"] as const;

/** The values of `POLICY_COLUMNS`. */
export function encodeProfile(profile: DeviceProfile): [string, string, string] {
  return [profile.name, profile.description, JSON.stringify(profile.updatePolicy)];
}

export function decodeProfile(row: StoredRow): DeviceProfile {
  return {
    name: row["device_profile"] as string,
    description: row["description"] as string,
    updatePolicy: JSON.parse(row["policy"] as string) as UpdatePolicySettings,
  };
}
