import type { DeviceRecord } from "../device-record.ts";
import { clearKey, type KeyWriting, wrappedKey } from "../key-writing.ts";

/** A device as one line of Warren's own format; what stands at its default is left out. */
export function formatWarrenRecord(
  device: DeviceRecord,
  keys: KeyWriting,
  hasUpdateUnderWay = false,
): string {
  const { nonces, own } = device;
  return `${JSON.stringify({
    devEui: device.devEui,
    joinEui: device.joinEui,
    macVersion: device.macVersion,
    homeNetId: device.homeNetId,
    asId: device.asId,
    ...keyMembers(device, keys),
    ...(device.name !== "" && { name: device.name }),
    ...(device.description !== "" && { description: device.description }),
    ...(Object.keys(device.tags).length > 0 && { tags: device.tags }),
    ...(device.isDisabled && { isDisabled: true }),
    ...(nonces.joinNonce !== 0 && { joinNonce: nonces.joinNonce }),
    ...(nonces.lastDevNonce !== undefined && { lastDevNonce: nonces.lastDevNonce }),
    ...(nonces.rjCount1 !== undefined && { rjCount1: nonces.rjCount1 }),
    ...(nonces.usedDevNonces.length > 0 && {
      usedDevNonces: Object.fromEntries(
        nonces.usedDevNonces.map(({ joinEui, devNonces }) => [joinEui, devNonces]),
      ),
    }),
    ...own,
    ...(hasUpdateUnderWay && { hasUpdateUnderWay }),
  })}\n`;
}

function keyMembers({ rootKeys }: DeviceRecord, keys: KeyWriting): object {
  const { nwkKey, appKey } = rootKeys;
  switch (keys.kind) {
    case "none":
      return {};
    case "clear":
      return { nwkKey: clearKey(nwkKey), ...(appKey && { appKey: clearKey(appKey) }) };
    case "wrapped":
      return {
        kekLabel: keys.label,
        wrappedNwkKey: wrappedKey(keys.kek, nwkKey),
        ...(appKey && { wrappedAppKey: wrappedKey(keys.kek, appKey) }),
      };
  }
}
