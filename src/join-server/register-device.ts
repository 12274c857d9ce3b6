import { isDeepStrictEqual } from "node:util";
import type { Aes128Key } from "../crypto/aes128.ts";
import { WarrenError } from "../errors.ts";
import { isLorawan11 } from "../lorawan/mac-version.ts";
import { equalRootKeys, type RootKeys } from "../root-key/root-keys.ts";
import { initialServerState } from "../root-key/server-state.ts";
import { type Device, type DeviceSettings, UNUSED_DEVICE } from "./device.ts";

/** Root keys as an operator gives them. For 1.0.x `nwkKey` is the AppKey, `appKey` the GenAppKey. */
export interface GivenRootKeys {
  readonly nwkKey: Aes128Key;
  readonly appKey: Aes128Key | undefined;
}

/**
 * A device that has never joined. A 1.0.x device without GenAppKey has the same key in both places
 * (root-key-update.md §1); a 1.1 device must have both, never a zero key in place of a missing one.
 *
 * @throws WarrenError `root-key-missing`
 */
export function newDevice(settings: DeviceSettings, given: GivenRootKeys, now: number): Device {
  return {
    ...settings,
    ...UNUSED_DEVICE,
    createdAt: now,
    rootKeys: initialServerState(settings, completeRootKeys(settings, given)),
  };
}

/**
 * A known device with other settings. Its nonces go on. Root keys are not changed here: the given ones must
 * be the factory keys it already has, or it has updated them since.
 *
 * @throws WarrenError `write-conflict` for other root keys, another JoinEUI or another version
 */
export function changeSettings(
  device: Device,
  settings: DeviceSettings,
  given: GivenRootKeys,
): Device {
  const rootKeys = completeRootKeys(settings, given);
  const { currentKeys, generation } = device.rootKeys;
  if (generation === 0 && !equalRootKeys(rootKeys, currentKeys)) {
    throw new WarrenError(
      "write-conflict",
      "the device is known with other root keys; PUT .../root-keys replaces them",
    );
  }
  if (settings.joinEui !== device.joinEui || settings.macVersion !== device.macVersion) {
    throw new WarrenError(
      "write-conflict",
      "JoinEUI and version of a known device cannot change; delete it and create it anew",
    );
  }
  return withSettings(device, settings);
}

/** The device with other settings; the same object when nothing is different. */
export function withSettings(device: Device, settings: Partial<DeviceSettings>): Device {
  const isSame = (Object.keys(settings) as (keyof DeviceSettings)[]).every((name) =>
    isDeepStrictEqual(device[name], settings[name]),
  );
  return isSame ? device : { ...device, ...settings };
}

/**
 * Both root keys: without GenAppKey the AppKey of a 1.0.x device stands in both places.
 *
 * @throws WarrenError `root-key-missing`
 */
export function completeRootKeys(
  { macVersion }: Pick<DeviceSettings, "macVersion">,
  given: GivenRootKeys,
): RootKeys {
  if (given.appKey !== undefined) return { nwkKey: given.nwkKey, appKey: given.appKey };
  if (isLorawan11(macVersion)) {
    throw new WarrenError("root-key-missing", "a LoRaWAN 1.1 device needs NwkKey and AppKey");
  }
  return { nwkKey: given.nwkKey, appKey: given.nwkKey };
}
