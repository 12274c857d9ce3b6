import { type ErrorCode, WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { usesDevNonceCounter } from "../../lorawan/mac-version.ts";
import type { DeviceSettings } from "../device.ts";
import type { NewDevice, UsedDevNonce } from "../ports/device-store.ts";
import { type GivenRootKeys, newDevice } from "../register-device.ts";
import type { KeyFinding } from "../weak-keys/find-key-weaknesses.ts";

/** Where the nonces of a device stood at the server that had it before. */
export interface GivenNonces {
  /** The last JoinNonce (AppNonce) issued, 0..2^24 - 1; the device wants a greater one next. */
  readonly joinNonce?: number | undefined;
  /** The last DevNonce seen, 0..65535. */
  readonly lastDevNonce?: number | undefined;
  /** DevNonces seen, each 0..65535. */
  readonly usedDevNonces?: readonly number[] | undefined;
  /** DevNonces seen of a device that does not count them, with other JoinEUIs than the one it has now. */
  readonly usedElsewhere?: readonly UsedDevNonce[] | undefined;
  /** The last RJcount1 seen, 0..65535. */
  readonly rjCount1?: number | undefined;
}

/** A device to add, complete but for what the Join Server adds itself. */
export interface DeviceDraft {
  readonly settings: DeviceSettings;
  readonly keys: GivenRootKeys;
  readonly nonces?: GivenNonces | undefined;
  /** Of a device whose root keys were updated at the Join Server it comes from. */
  readonly updates?: GivenUpdates | undefined;
}

/** How far root key updates were: the device goes on from there. */
export interface GivenUpdates {
  /** How many have been committed, 0..65535. */
  readonly generation: number;
  /** UpdateID of the last, 0..65535, 0 before the first. */
  readonly lastUpdateId: number;
}

/** What is taken in the settings of a device, and may well be a mistake. */
export interface SettingsDoubts {
  /** Whether joins with its JoinEUI are answered here. */
  readonly hasServedJoinEui: boolean;
  /** Whether it names a device profile that is not on record. */
  readonly hasUnknownProfile: boolean;
}

/** What became of one draft. In a dry run `created` means that it would be. */
export type DraftOutcome =
  | (SettingsDoubts & {
      readonly devEui: Eui64;
      /** `known`: on record just so, nothing was done. */
      readonly outcome: "created" | "known";
      readonly weaknesses: readonly KeyFinding[];
    })
  | {
      readonly devEui: Eui64;
      readonly outcome: "refused";
      readonly code: ErrorCode;
      readonly message: string;
    };

const NO_UPDATES: GivenUpdates = { generation: 0, lastUpdateId: 0 };

/**
 * The device that a draft describes. Both forms of DevNonces are taken for every version, since exports of
 * other servers mix them: a device that counts goes on after the greatest, another remembers them all.
 *
 * @throws WarrenError `root-key-missing`, `value-out-of-range` for a nonce
 */
export function deviceOfDraft(
  { settings, keys, nonces = {}, updates = NO_UPDATES }: DeviceDraft,
  now: number,
): NewDevice {
  const device = newDevice(settings, keys, now);
  const seen = [...new Set([...(nonces.usedDevNonces ?? []), ...presentOnly(nonces.lastDevNonce)])];
  for (const devNonce of seen) checkRange("a DevNonce", devNonce, 0xffff);
  checkRange("JoinNonce", nonces.joinNonce ?? 0, 0xff_ffff);
  checkRange("RJcount1", nonces.rjCount1 ?? 0, 0xffff);
  checkRange("generation", updates.generation, 0xffff);
  checkRange("lastUpdateId", updates.lastUpdateId, 0xffff);
  const counts = usesDevNonceCounter(settings.macVersion);
  const used = seen.map((devNonce) => ({ joinEui: settings.joinEui, devNonce }));
  return {
    device: {
      ...device,
      rootKeys: { ...device.rootKeys, ...updates },
      joinNonce: nonces.joinNonce ?? 0,
      initialJoinNonce: nonces.joinNonce ?? 0,
      rjCount1: nonces.rjCount1,
      lastDevNonce: counts ? greatest(seen) : nonces.lastDevNonce,
    },
    usedDevNonces: counts ? [] : [...used, ...(nonces.usedElsewhere ?? [])],
  };
}

function presentOnly(value: number | undefined): number[] {
  return value === undefined ? [] : [value];
}

function greatest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.max(a, b));
}

function checkRange(name: string, value: number, maximum: number): void {
  if (!Number.isInteger(value) || value < 0 || value > maximum) {
    throw new WarrenError("value-out-of-range", `${name} is a whole number from 0 to ${maximum}`);
  }
}
