import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import { repeatRequest, startUpdate } from "../../root-key/server-update.ts";
import type { Suite } from "../../root-key/suite.ts";
import { type Device, mayBeForeign } from "../device.ts";
import type { EffectiveUpdatePolicy } from "../policies/update-policy-settings.ts";
import { checkMinimumPeriod, isUnderWay, type UpdatePolicy } from "./update-policy.ts";

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
 * A server asks for an update, or asks again: one that waits for the device is repeated octet by octet, so
 * asking is idempotent.
 *
 * @param device expired, if it had to
 * @param own what holds for the device, from all levels: the minimum period, and whether a new one heals
 * @throws WarrenError `update-not-allowed` while it is not time, or while the device has all it needs and
 *   only has to join; `update-id-exhausted`, `suite-not-allowed`
 */
export function prepareUpdateForPeer(
  device: Device,
  own: EffectiveUpdatePolicy,
  context: UpdateContext,
): PreparedUpdate {
  if (isUnderWay(device)) return repeatPrepared(device);
  checkMinimumPeriod(device, context.policy, context.now, own);
  return startNewUpdate(device, { suite: device.suite, isHealing: own.isHealing }, context);
}

/** Which derivation an update uses. */
export interface UpdateKind {
  readonly suite: Suite;
  /** Whether an X25519 exchange goes into it. */
  readonly isHealing: boolean;
}

/**
 * A new attempt, whatever was before.
 *
 * @param device expired, if it had to
 * @throws WarrenError `suite-not-allowed`, `update-id-exhausted`; `update-not-allowed` before the first join of a device that
 *   may have any AppEUI: its updates are bound to the one that it has
 */
export function startNewUpdate(
  device: Device,
  kind: UpdateKind,
  context: UpdateContext,
): PreparedUpdate {
  if (mayBeForeign(device) && device.sessions.length === 0) {
    throw new WarrenError(
      "update-not-allowed",
      "the device takes any JoinEUI and has not joined yet, so the JoinEUI that its update is bound to is not known",
    );
  }
  const { state, request } = startUpdate(device.rootKeys, {
    ...kind,
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
