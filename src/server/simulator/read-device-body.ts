import type { Static } from "typebox";
import { WarrenError } from "../../errors.ts";
import { type Eui64, parseDevAddr, parseEui64 } from "../../lorawan/identifiers.ts";
import type { SessionKeys } from "../../lorawan/keys/session-keys.ts";
import { isLorawan11, type MacVersion, parseMacVersion } from "../../lorawan/mac-version.ts";
import {
  DEFAULT_DEVICE_SETTINGS,
  type FactoryKeys,
} from "../../simulator/device/device-profile.ts";
import type { DeviceOrder } from "../../simulator/simulator.ts";
import { parseKey } from "../parse-key.ts";
import type { AbpBody, DeviceBody } from "./schemas.ts";

const DEFAULT_UPLINK_INTERVAL_MS = 60_000;

/**
 * The order in the body of `PUT /devices/{devEui}`. A 1.0.x device has one root key, which may come as
 * `nwkKey` or as `appKey`: given both, `nwkKey` is its AppKey and `appKey` its GenAppKey.
 *
 * @throws WarrenError `root-key-missing`, `text-malformed`
 */
export function readDeviceBody(
  devEui: Eui64,
  body: Static<typeof DeviceBody>,
): { readonly order: DeviceOrder; readonly keys: FactoryKeys } {
  const macVersion = parseMacVersion(body.macVersion);
  const order = {
    devEui,
    joinEui: parseEui64(body.joinEui),
    macVersion,
    uplinkIntervalMs: body.uplinkIntervalMs ?? DEFAULT_UPLINK_INTERVAL_MS,
    confirmedUplinks: body.confirmedUplinks ?? false,
    longestJoinPauseMs: body.longestJoinPauseMs ?? DEFAULT_DEVICE_SETTINGS.longestJoinPauseMs,
    rootKeyFPort: body.rootKeyFPort ?? DEFAULT_DEVICE_SETTINGS.rootKeyFPort,
    supportsHealing: body.supportsHealing ?? DEFAULT_DEVICE_SETTINGS.supportsHealing,
  };
  const { abp } = body;
  if (abp === undefined) return { order, keys: readRootKeys(macVersion, body) };
  const sessionKeys = readSessionKeys(macVersion, abp);
  const devAddr = parseDevAddr(abp.devAddr);
  return { order, keys: { activation: "abp", devAddr, sessionKeys } };
}

function readRootKeys(macVersion: MacVersion, body: Static<typeof DeviceBody>): FactoryKeys {
  const { nwkKey = body.appKey, appKey = nwkKey } = body;
  const isComplete = !isLorawan11(macVersion) || (body.nwkKey && body.appKey);
  if (nwkKey === undefined || appKey === undefined || !isComplete) {
    throw new WarrenError(
      "root-key-missing",
      "give nwkKey and appKey for LoRaWAN 1.1, nwkKey for LoRaWAN 1.0.x, or abp",
    );
  }
  const rootKeys = { nwkKey: parseKey(nwkKey), appKey: parseKey(appKey) };
  return { activation: "otaa", rootKeys };
}

function readSessionKeys(macVersion: MacVersion, abp: Static<typeof AbpBody>): SessionKeys {
  const fNwkSIntKey = abp.fNwkSIntKey ?? abp.nwkSKey;
  const sNwkSIntKey = isLorawan11(macVersion) ? abp.sNwkSIntKey : fNwkSIntKey;
  const nwkSEncKey = isLorawan11(macVersion) ? abp.nwkSEncKey : fNwkSIntKey;
  if (fNwkSIntKey === undefined || sNwkSIntKey === undefined || nwkSEncKey === undefined) {
    throw new WarrenError(
      "root-key-missing",
      "give abp three network session keys for LoRaWAN 1.1, nwkSKey for LoRaWAN 1.0.x",
    );
  }
  return {
    fNwkSIntKey: parseKey(fNwkSIntKey),
    sNwkSIntKey: parseKey(sNwkSIntKey),
    nwkSEncKey: parseKey(nwkSEncKey),
    appSKey: parseKey(abp.appSKey),
  };
}
