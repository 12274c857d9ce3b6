import { WarrenError } from "../../errors.ts";
import { isUnderWay as isUpdateUnderWay } from "../../root-key/server-state.ts";
import { failUpdate } from "../../root-key/server-update.ts";
import type { Device } from "../device.ts";
import type { EffectiveUpdatePolicy } from "../policies/update-policy-settings.ts";

/** What holds for the updates of all devices. */
export interface UpdatePolicy {
  /** An update that has not been committed after this time has failed. */
  readonly expiryMs: number;
  /**
   * Least time between the starts of two attempts that a Network Server may cause. A false one can make
   * attempts fail, and a device has only 65,535 of them.
   */
  readonly attemptPeriodMs: number;
  /** Suite 0 loses half its strength when the old AppKey is known; it is for research. */
  readonly allowRabbitSplit: boolean;
  /** Least `minimumPeriodMs` that a policy may have; shorter ones than the paper's are for experiments. */
  readonly shortestPeriodMs: number;
}

/** Whether an attempt is neither committed nor failed. */
export function isUnderWay({ rootKeys: { update } }: Device): boolean {
  return update !== undefined && isUpdateUnderWay(update);
}

/** The device with an update that took too long ended as `expired`; safe in every state. */
export function expireUpdate(device: Device, policy: UpdatePolicy, now: number): Device {
  if (!isUnderWay(device) || now - (device.updateStartedAt ?? 0) < policy.expiryMs) return device;
  return { ...device, rootKeys: failUpdate(device.rootKeys, "expired") };
}

/**
 * Nobody but an operator may want an update too soon after the last commit (root-key-update.md §5), nor
 * after the start of an attempt that failed.
 *
 * @param own the policy of the device, from all levels
 * @throws WarrenError `update-not-allowed`
 */
export function checkMinimumPeriod(
  device: Device,
  policy: UpdatePolicy,
  now: number,
  own: EffectiveUpdatePolicy,
): void {
  const { updateCommittedAt, updateStartedAt } = device;
  const { minimumPeriodMs } = own;
  const hasFailed = device.rootKeys.update?.status === "failed";
  if (
    hasFailed &&
    updateStartedAt !== undefined &&
    now - updateStartedAt < policy.attemptPeriodMs
  ) {
    throw new WarrenError("update-not-allowed", "the last attempt failed a short while ago");
  }
  if (updateCommittedAt !== undefined && now - updateCommittedAt < minimumPeriodMs) {
    throw new WarrenError(
      "update-not-allowed",
      "the minimum period since the last update is not over",
    );
  }
}
