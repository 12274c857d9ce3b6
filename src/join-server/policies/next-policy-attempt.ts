import type { Device } from "../device.ts";
import { type EffectiveUpdatePolicy, LONGEST_PERIOD_MS } from "./update-policy-settings.ts";

const LONGEST_BACK_OFF_MS = 30 * 24 * 60 * 60 * 1000;
/** Also where a server for experiments has no minimum period, attempts must not follow at once. */
const SHORTEST_BACK_OFF_MS = 1_000;

/**
 * When a policy may try again after an attempt that failed: after the minimum period, which doubles with
 * each further failure up to 30 days (or the minimum period itself, where that is longer).
 *
 * @param device its `failedAttempts` counts the attempt that has just failed
 * @param now epoch milliseconds, as the answer: what `updateNotBefore` of the device becomes
 */
export function nextPolicyAttemptAt(
  device: Pick<Device, "failedAttempts">,
  policy: Pick<EffectiveUpdatePolicy, "minimumPeriodMs">,
  now: number,
): number {
  const first = Math.min(Math.max(policy.minimumPeriodMs, SHORTEST_BACK_OFF_MS), LONGEST_PERIOD_MS);
  const doubled = first * 2 ** Math.max(0, device.failedAttempts - 1);
  return now + Math.min(doubled, Math.max(LONGEST_BACK_OFF_MS, first));
}
