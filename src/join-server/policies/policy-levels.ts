import type { Device } from "../device.ts";
import type { DeviceProfile } from "../ports/policy-store.ts";
import {
  DEFAULT_UPDATE_POLICY,
  type EffectiveUpdatePolicy,
  effectivePolicy,
  type UpdatePolicySettings,
} from "./update-policy-settings.ts";

/** The levels above the single device, as they were at one moment. */
export interface PolicyLevels {
  readonly allDevices: UpdatePolicySettings;
  /** By name. */
  readonly profiles: ReadonlyMap<string, DeviceProfile>;
}

/** Before anybody has said anything. */
export const NO_POLICY_LEVELS: PolicyLevels = { allDevices: {}, profiles: new Map() };

/** Where a member of a policy comes from, the strongest first. */
export const POLICY_LEVELS = ["device", "device-profile", "all-devices", "default"] as const;
export type PolicyLevel = (typeof POLICY_LEVELS)[number];

type PolicyOwner = Pick<Device, "deviceProfile" | "updatePolicy">;

/** What holds for a device. A profile that is not on record counts as none. */
export function policyOfDevice(levels: PolicyLevels, device: PolicyOwner): EffectiveUpdatePolicy {
  return effectivePolicy(device.updatePolicy, ...sharedSettings(levels, device.deviceProfile));
}

/** What holds for the devices of a profile that say nothing themselves; "" for those without one. */
export function policyOfProfile(levels: PolicyLevels, name: string): EffectiveUpdatePolicy {
  return effectivePolicy(...sharedSettings(levels, name));
}

/** Which level says each member of a device's policy. */
export function originsOfPolicy(
  levels: PolicyLevels,
  device: PolicyOwner,
): Readonly<Record<keyof EffectiveUpdatePolicy, PolicyLevel>> {
  const [profile, allDevices] = sharedSettings(levels, device.deviceProfile);
  const settingsOf = { device: device.updatePolicy, "device-profile": profile };
  const origins = Object.keys(DEFAULT_UPDATE_POLICY).map((member) => {
    const name = member as keyof EffectiveUpdatePolicy;
    const found = POLICY_LEVELS.find(
      (level) =>
        level === "default" ||
        (level === "all-devices" ? allDevices : settingsOf[level])?.[name] !== undefined,
    );
    return [name, found as PolicyLevel];
  });
  return Object.fromEntries(origins) as Record<keyof EffectiveUpdatePolicy, PolicyLevel>;
}

function sharedSettings(
  { allDevices, profiles }: PolicyLevels,
  profile: string,
): [UpdatePolicySettings | undefined, UpdatePolicySettings] {
  return [profiles.get(profile)?.updatePolicy, allDevices];
}
