import type { DeviceSettings } from "../device.ts";
import { checkUpdatePolicy } from "./check-update-policy.ts";
import { type PolicyLevels, policyOfDevice } from "./policy-levels.ts";

/** What policies of devices are held to. */
export interface PolicyRules {
  readonly levels: PolicyLevels;
  /** The least minimum period that this server takes. */
  readonly shortestPeriodMs: number;
}

type PolicySettings = Pick<DeviceSettings, "deviceProfile" | "updatePolicy">;

/** What a device says of its own updates. @throws WarrenError `value-out-of-range` */
export function checkDevicePolicy(
  settings: PolicySettings,
  { levels, shortestPeriodMs }: PolicyRules,
): void {
  checkUpdatePolicy(settings.updatePolicy, policyOfDevice(levels, settings), shortestPeriodMs);
}

/** Whether a device names a profile that is not on record, and so has none. */
export function hasUnknownProfile(
  { deviceProfile }: Pick<DeviceSettings, "deviceProfile">,
  { profiles }: PolicyLevels,
): boolean {
  return deviceProfile !== "" && !profiles.has(deviceProfile);
}
