import type { Device } from "../device.ts";
import type { EffectiveUpdatePolicy, UpdateTrigger } from "./update-policy-settings.ts";

/**
 * The device after an event, with an update wanted where its policy names the event; the same object where
 * nothing changes. The first event stays until the next commit.
 */
export function wantUpdateAfter(
  device: Device,
  trigger: UpdateTrigger,
  policy: Pick<EffectiveUpdatePolicy, "triggers">,
): Device {
  if (device.updateWanted !== undefined || !policy.triggers.includes(trigger)) return device;
  return { ...device, updateWanted: trigger };
}
