import type { Device } from "../../device.ts";
import { expireUpdate, type UpdatePolicy } from "../update-policy.ts";
import { followUpdate, type Recorded, type TimelineContext } from "./follow-update.ts";

/** As `expireUpdate`, with the timeline. */
export function expireWithTimeline(
  device: Device,
  policy: UpdatePolicy,
  context: TimelineContext,
): Recorded {
  const current = expireUpdate(device, policy, context.now);
  return current === device
    ? { device, endedAttempts: [] }
    : followUpdate(device, current, context);
}
