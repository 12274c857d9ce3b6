import { stringify } from "csv-stringify/sync";
import { isLorawan11, usesDevNonceCounter } from "../../lorawan/mac-version.ts";
import type { DeviceRecord } from "../device-record.ts";
import { clearKey, type KeyWriting } from "../key-writing.ts";

const COLUMNS = [
  "dev_eui",
  "join_eui",
  "name",
  "description",
  "mac_version",
  "is_disabled",
  "tags",
  "nwk_key",
  "app_key",
  "gen_app_key",
  "dev_nonces",
  "join_nonce",
] as const;

export const CHIRPSTACK_CSV_HEADING = `${COLUMNS.join(",")}\n`;

/**
 * What ChirpStack's REST API takes to create a device (`POST /api/devices`) and its keys (`POST
 * /api/devices/{devEui}/keys`), on one line. Version and nonces, which it does not take, stand beside them.
 */
export function formatChirpStackDevice(device: DeviceRecord, keys: KeyWriting): string {
  const { name, description, devEui, joinEui, isDisabled, tags, macVersion } = device;
  return `${JSON.stringify({
    device: { devEui, name: name || devEui, description, joinEui, isDisabled, tags },
    ...(keys.kind === "clear" && { deviceKeys: { devEui, ...chirpStackKeys(device) } }),
    deviceProfile: { macVersion },
    joinNonce: device.nonces.joinNonce,
    devNonces: devNonces(device),
  })}\n`;
}

/** A row as the query of docs/import-export.md takes it from ChirpStack's database. */
export function formatChirpStackRow(device: DeviceRecord, keys: KeyWriting): string {
  const given = keys.kind === "clear" ? chirpStackKeys(device) : undefined;
  const row = [
    device.devEui,
    device.joinEui,
    device.name,
    device.description,
    device.macVersion,
    String(device.isDisabled),
    JSON.stringify(device.tags),
    given?.nwkKey ?? "",
    given?.appKey ?? "",
    given?.genAppKey ?? "",
    JSON.stringify(devNonces(device)),
    String(device.nonces.joinNonce),
  ];
  return stringify([row]);
}

/** Its AppKey of 1.0.x is `nwkKey`; zeros stand where there is no key. */
function chirpStackKeys({ macVersion, rootKeys }: DeviceRecord): {
  readonly nwkKey: string;
  readonly appKey: string;
  readonly genAppKey: string;
} {
  const none = "0".repeat(32);
  const second = rootKeys.appKey === undefined ? none : clearKey(rootKeys.appKey);
  return {
    nwkKey: clearKey(rootKeys.nwkKey),
    appKey: isLorawan11(macVersion) ? second : none,
    genAppKey: isLorawan11(macVersion) ? none : second,
  };
}

/** By JoinEUI; ChirpStack has such a list for every version, of which the greatest says all of a counter. */
function devNonces({ macVersion, joinEui, nonces }: DeviceRecord): Record<string, unknown> {
  if (usesDevNonceCounter(macVersion)) {
    return nonces.lastDevNonce === undefined ? {} : { [joinEui]: [nonces.lastDevNonce] };
  }
  return Object.fromEntries(nonces.usedDevNonces.map((used) => [used.joinEui, used.devNonces]));
}
