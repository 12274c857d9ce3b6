import { equalKeys } from "../../../crypto/aes128.ts";
import type { DeviceRecord, UsedDevNonces } from "../../../device-files/device-record.ts";
import { DEFAULT_DEVICE_SETTINGS, type Device } from "../../../join-server/device.ts";
import type { UsedDevNonce } from "../../../join-server/ports/device-store.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import { isLorawan11 } from "../../../lorawan/mac-version.ts";
import { formatSuite } from "../../../root-key/suite.ts";

/** A device as a file describes it: all but its sessions and the update under way. */
export function recordOfDevice(device: Device, used: readonly UsedDevNonce[]): DeviceRecord {
  const { nwkKey, appKey } = device.rootKeys.currentKeys;
  // A 1.0.x device without GenAppKey has its AppKey in both places.
  const hasAppKey = isLorawan11(device.macVersion) || !equalKeys(nwkKey, appKey);
  return {
    devEui: device.devEui,
    joinEui: device.joinEui,
    macVersion: device.macVersion,
    rootKeys: { nwkKey, appKey: hasAppKey ? appKey : undefined },
    homeNetId: device.homeNetId,
    asId: device.asId,
    name: device.name,
    description: device.description,
    tags: device.tags,
    isDisabled: device.isDisabled,
    nonces: {
      joinNonce: device.joinNonce,
      lastDevNonce: device.lastDevNonce,
      rjCount1: device.rjCount1,
      usedDevNonces: byJoinEui(used),
    },
    own: ownMembers(device),
  };
}

/** Whether the device may hold other root keys than those on record as current. */
export function hasUpdateUnderWay({ rootKeys }: Device): boolean {
  return rootKeys.candidateKeys !== undefined;
}

function byJoinEui(used: readonly UsedDevNonce[]): UsedDevNonces[] {
  const lists = new Map<Eui64, number[]>();
  for (const { joinEui, devNonce } of used) {
    const list = lists.get(joinEui);
    if (list === undefined) lists.set(joinEui, [devNonce]);
    else list.push(devNonce);
  }
  return [...lists].map(([joinEui, devNonces]) => ({ joinEui, devNonces }));
}

/** What is not at its default. */
function ownMembers(device: Device): DeviceRecord["own"] {
  const { suite, updatePolicy, deviceProfile, carrier, allowsForeignJoinEui } = device;
  const { generation, lastUpdateId } = device.rootKeys;
  const usual = DEFAULT_DEVICE_SETTINGS;
  return {
    ...(suite !== usual.suite && { suite: formatSuite(suite) }),
    ...(Object.keys(updatePolicy).length > 0 && { updatePolicy: { ...updatePolicy } }),
    ...(deviceProfile !== usual.deviceProfile && { deviceProfile }),
    ...(carrier !== usual.carrier && { carrier }),
    ...(allowsForeignJoinEui && { allowsForeignJoinEui }),
    ...(generation > 0 && { generation }),
    ...(lastUpdateId > 0 && { lastUpdateId }),
  };
}
