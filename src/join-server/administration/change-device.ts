import { isDeepStrictEqual } from "node:util";
import { equalKeys } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import { equalRootKeys } from "../../root-key/root-keys.ts";
import type { Device, DeviceSettings } from "../device.ts";
import { completeRootKeys, type GivenRootKeys } from "../register-device.ts";
import { isUnderWay } from "../root-key-updates/update-policy.ts";

/** What can change after registration; a device keeps its identity and its version. */
export type ChangeableSettings = Omit<DeviceSettings, "devEui" | "joinEui" | "macVersion">;

/** The members that are different, with the values of those that decide who gets its keys. */
export type ChangedMembers = Readonly<Record<string, unknown>>;

/** @throws WarrenError `precondition-failed` when the device is not the one the caller has seen */
export function checkVersion(device: Device, expected: number | undefined): void {
  if (expected !== undefined && device.version !== expected) {
    throw new WarrenError(
      "precondition-failed",
      `the device has version ${device.version}, not ${expected}: read it again, then repeat the change`,
    );
  }
}

/** What an audit entry says of a change of settings: names, and who may ask for the device. */
export function describeChange(before: Device, after: Device): ChangedMembers {
  const names = (Object.keys(after) as (keyof Device)[]).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
  const values = (["homeNetId", "asId", "isDisabled"] as const)
    .filter((name) => names.includes(name))
    .map((name) => [name, { from: before[name], to: after[name] }]);
  return { changed: names, ...Object.fromEntries(values) };
}

/**
 * The device with other root keys, as after it was flashed anew. They are factory keys of generation 0;
 * what belonged to the old ones goes: sessions, candidate, update record. UpdateID and JoinNonce go on,
 * since the device may remember them. Keys it has already change nothing.
 *
 * @throws WarrenError `root-key-missing`; `update-not-allowed` while an update is under way, of which the
 *   device may have derived the new keys already
 */
export function replaceRootKeys(device: Device, given: GivenRootKeys, now: number): Device {
  const keys = completeRootKeys(device, given);
  if (isUnderWay(device)) {
    throw new WarrenError(
      "update-not-allowed",
      "a root key update is under way; abort it (DELETE .../root-key-update) and try again",
    );
  }
  if (equalRootKeys(keys, device.rootKeys.currentKeys)) return device;
  const isNwkKeyKept = equalKeys(keys.nwkKey, device.rootKeys.currentKeys.nwkKey);
  return {
    ...device,
    rootKeys: {
      ...device.rootKeys,
      joinEui: device.joinEui,
      currentKeys: keys,
      generation: 0,
      candidateKeys: undefined,
      update: undefined,
    },
    sessions: [],
    updateStartedAt: undefined,
    updateCommittedAt: undefined,
    lastDevAddr: undefined,
    nwkKeyReplacedAt: isNwkKeyKept ? unusedSince(device) : now,
    generationSessions: 0,
    updateWanted: undefined,
    updateNotBefore: undefined,
    failedAttempts: 0,
  };
}

/** Whether no Join-request made before now can verify: it has a new NwkKey and has not joined with it. */
export function hasUnusedNwkKey(device: Device): boolean {
  return device.nwkKeyReplacedAt !== undefined && device.sessions.length === 0;
}

/** A kept NwkKey that has joined does not count as new because its sessions end. */
function unusedSince(device: Device): number | undefined {
  return hasUnusedNwkKey(device) ? device.nwkKeyReplacedAt : undefined;
}

/**
 * The device as if it had sent no DevNonce and no RJcount1 yet; JoinNonce goes on, which only has to grow.
 *
 * @param force although old Join-requests may verify
 * @throws WarrenError `nonce-reset-refused`
 */
export function forgetDevNonces(device: Device, force: boolean): Device {
  if (!force && !hasUnusedNwkKey(device)) {
    throw new WarrenError(
      "nonce-reset-refused",
      "the device still has the NwkKey (AppKey in 1.0.x) it has joined with, so whoever recorded its " +
        "Join-requests could replay them after a reset: each would be accepted, end its session and " +
        "use up a JoinNonce. Give it new root keys first (PUT .../root-keys), or set force: true " +
        "after a look at why its DevNonce went back",
    );
  }
  return { ...device, lastDevNonce: undefined, rjCount1: undefined };
}

/** Whether there is nothing to forget but what the store remembers of random DevNonces. */
export function hasNoDevNonces(device: Device): boolean {
  return device.lastDevNonce === undefined && device.rjCount1 === undefined;
}
