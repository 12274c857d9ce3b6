import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import { repeatRequest, startUpdate } from "../../root-key/server-update.ts";
import type { Suite } from "../../root-key/suite.ts";
import type { Device } from "../device.ts";
import {
  checkMinimumPeriod,
  expireUpdate,
  isUnderWay,
  type UpdatePolicy,
} from "./update-policy.ts";

/** What deciding about an update needs besides the device. */
export interface UpdateContext {
  readonly policy: UpdatePolicy;
  readonly randomBytes: RandomBytes;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The device to store first, and the RootKeyUpdateReq to send down then. */
export interface PreparedUpdate {
  readonly device: Device;
  readonly macCommand: Uint8Array;
}

/**
 * A Network Server asks for an update, or asks again: one that waits for the device is repeated octet by
 * octet, so asking is idempotent.
 *
 * @throws WarrenError `update-not-allowed` while it is not time, or while the device has all it needs and
 *   only has to join; `update-id-exhausted`, `suite-not-allowed`
 */
export function prepareUpdateForNetworkServer(
  device: Device,
  context: UpdateContext,
): PreparedUpdate {
  const current = expireUpdate(device, context.policy, context.now);
  if (isUnderWay(current)) return repeatPrepared(current);
  checkMinimumPeriod(current, context.policy, context.now);
  return startNew(current, current.suite, context);
}

/**
 * The operator asks. The minimum period does not hold for people; one under way with the same suite is
 * repeated.
 *
 * @throws WarrenError `update-not-allowed` when another suite is under way, or the device only has to join
 */
export function prepareUpdateForOperator(
  device: Device,
  suite: Suite,
  context: UpdateContext,
): PreparedUpdate {
  const current = expireUpdate(device, context.policy, context.now);
  if (!isUnderWay(current)) return startNew(current, suite, context);
  if (current.rootKeys.update?.suite !== suite) {
    throw new WarrenError(
      "update-not-allowed",
      "an update with another suite is under way; abort it first",
    );
  }
  return repeatPrepared(current);
}

function startNew(device: Device, suite: Suite, context: UpdateContext): PreparedUpdate {
  const { state, request } = startUpdate(device.rootKeys, {
    suite,
    random: context.randomBytes,
    allowRabbitSplit: context.policy.allowRabbitSplit,
  });
  return {
    device: { ...device, rootKeys: state, updateStartedAt: context.now },
    macCommand: request,
  };
}

function repeatPrepared(device: Device): PreparedUpdate {
  if (device.rootKeys.update?.status === "confirmed") {
    throw new WarrenError(
      "update-not-allowed",
      "the new keys are confirmed; the update ends with the next join of the device",
    );
  }
  return { device, macCommand: repeatRequest(device.rootKeys) };
}
