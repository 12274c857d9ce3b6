import { stringify } from "csv-stringify/sync";
import type { Aes128Key } from "../../crypto/aes128.ts";
import { isLorawan11 } from "../../lorawan/mac-version.ts";
import type { DeviceRecord } from "../device-record.ts";
import { clearKey, type KeyWriting, wrappedKey } from "../key-writing.ts";
import { formatTtsVersion } from "../version-name.ts";
import { TTS_DEVICE_ID, ttsDeviceId } from "./tts-device-id.ts";

const COLUMNS = [
  "id",
  "dev_eui",
  "join_eui",
  "name",
  "description",
  "lorawan_version",
  "app_key",
  "nwk_key",
] as const;

export const TTS_CSV_HEADING = `${COLUMNS.join(";")}\n`;

/**
 * A row of The Things Stack's CSV. The frequency plan and the version of the regional parameters, which a
 * Join Server does not know, are the fallback values of its import.
 */
export function formatTtsRow(device: DeviceRecord, keys: KeyWriting): string {
  const { appKey, nwkKey } = ttsKeys(device);
  const isClear = keys.kind === "clear";
  const row = [
    ttsDeviceId(device),
    device.devEui.toUpperCase(),
    device.joinEui.toUpperCase(),
    device.name,
    device.description,
    formatTtsVersion(device.macVersion),
    isClear ? clearKey(appKey).toUpperCase() : "",
    isClear && nwkKey ? clearKey(nwkKey).toUpperCase() : "",
  ];
  return stringify([row], { delimiter: ";" });
}

/** An EndDevice of The Things Stack's API, on one line. It would leave a nonce of 0 out, which must not be lost. */
export function formatTtsDevice(device: DeviceRecord, keys: KeyWriting): string {
  const { nonces, tags } = device;
  const { [TTS_DEVICE_ID]: _id, ...attributes } = tags;
  const used = nonces.usedDevNonces.find(({ joinEui }) => joinEui === device.joinEui)?.devNonces;
  return `${JSON.stringify({
    ids: {
      device_id: ttsDeviceId(device),
      dev_eui: device.devEui.toUpperCase(),
      join_eui: device.joinEui.toUpperCase(),
    },
    ...(device.name !== "" && { name: device.name }),
    ...(device.description !== "" && { description: device.description }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    lorawan_version: formatTtsVersion(device.macVersion),
    supports_join: true,
    net_id: device.homeNetId.toUpperCase(),
    application_server_id: device.asId,
    ...(keys.kind !== "none" && { root_keys: rootKeys(device, keys) }),
    ...(nonces.joinNonce > 0 && { last_join_nonce: nonces.joinNonce }),
    ...(nonces.lastDevNonce !== undefined && { last_dev_nonce: nonces.lastDevNonce }),
    ...(nonces.rjCount1 !== undefined && { last_rj_count_1: nonces.rjCount1 }),
    ...(used && { used_dev_nonces: used }),
  })}\n`;
}

function rootKeys(device: DeviceRecord, keys: Exclude<KeyWriting, { kind: "none" }>): object {
  const { appKey, nwkKey } = ttsKeys(device);
  return {
    app_key: envelope(appKey, keys),
    ...(nwkKey && { nwk_key: envelope(nwkKey, keys) }),
  };
}

function envelope(key: Aes128Key, keys: Exclude<KeyWriting, { kind: "none" }>): object {
  if (keys.kind === "clear") return { key: clearKey(key).toUpperCase() };
  const octets = Buffer.from(wrappedKey(keys.kek, key), "hex");
  return { encrypted_key: octets.toString("base64"), kek_label: keys.label };
}

/** It has the one root key of a 1.0.x device under `app_key`, and no place for a GenAppKey. */
function ttsKeys({ macVersion, rootKeys: { nwkKey, appKey } }: DeviceRecord): {
  readonly appKey: Aes128Key;
  readonly nwkKey: Aes128Key | undefined;
} {
  return isLorawan11(macVersion)
    ? { appKey: appKey ?? nwkKey, nwkKey }
    : { appKey: nwkKey, nwkKey: undefined };
}
