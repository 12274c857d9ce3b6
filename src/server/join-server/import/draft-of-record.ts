import type { DeviceRecord } from "../../../device-files/device-record.ts";
import type { DeviceDraft } from "../../../join-server/administration/device-draft.ts";
import { DEFAULT_DEVICE_SETTINGS } from "../../../join-server/device.ts";
import { parseSuite } from "../../../root-key/suite.ts";
import { readOwnUpdateSettings } from "./own-update-settings.ts";

/**
 * A record of a file as a device to add.
 *
 * @throws WarrenError `text-malformed` for an unknown suite
 */
export function draftOfRecord({ rootKeys, nonces, own, ...members }: DeviceRecord): DeviceDraft {
  const { suite, allowsForeignJoinEui, generation, lastUpdateId } = own;
  const { joinEui } = members;
  return {
    settings: {
      ...members,
      suite: suite === undefined ? DEFAULT_DEVICE_SETTINGS.suite : parseSuite(suite),
      ...readOwnUpdateSettings(own),
      allowsForeignJoinEui: allowsForeignJoinEui ?? DEFAULT_DEVICE_SETTINGS.allowsForeignJoinEui,
    },
    keys: rootKeys,
    nonces: {
      joinNonce: nonces.joinNonce,
      lastDevNonce: nonces.lastDevNonce,
      rjCount1: nonces.rjCount1,
      usedDevNonces: nonces.usedDevNonces.find((used) => used.joinEui === joinEui)?.devNonces,
      usedElsewhere: nonces.usedDevNonces
        .filter((used) => used.joinEui !== joinEui)
        .flatMap((used) => used.devNonces.map((devNonce) => ({ ...used, devNonce }))),
    },
    updates: { generation: generation ?? 0, lastUpdateId: lastUpdateId ?? 0 },
  };
}
