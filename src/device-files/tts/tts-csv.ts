import { completeRecord, requireVersion } from "../complete-record.ts";
import type { ParseOptions } from "../device-record.ts";
import type { DeviceOfRecord } from "../parser/record-parser.ts";
import { euiOf, type Fields, keyOf, textOf } from "../record-fields.ts";
import { chooseRootKeys } from "../root-key-convention.ts";
import { parseVersionName } from "../version-name.ts";
import { TTS_DEVICE_ID } from "./tts-device-id.ts";

/** Other headings of The Things Stack's CSV, and of files that suppliers of devices send. */
export const TTS_CSV_ALIASES: Readonly<Record<string, string>> = {
  app_eui: "join_eui",
  appeui: "join_eui",
  joineui: "join_eui",
  deveui: "dev_eui",
  appkey: "app_key",
  nwkkey: "nwk_key",
  device_id: "id",
};

/** Columns that say something of the device itself, kept as tags. */
const TAG_COLUMNS = [
  "brand_id",
  "model_id",
  "hardware_version",
  "firmware_version",
  "band_id",
  "vendor_id",
  "vendor_profile_id",
  "frequency_plan_id",
] as const;

/**
 * A row of The Things Stack's CSV ("CSV File Reference" of its documentation). It has no nonces: a 1.0.4 or
 * 1.1 device goes on with any DevNonce, and JoinNonce starts at 1.
 */
export function deviceOfTtsRow(row: Fields, { defaults }: ParseOptions): DeviceOfRecord {
  const version = textOf(row, "lorawan_version");
  const macVersion = requireVersion(
    version === undefined ? undefined : parseVersionName(version),
    defaults,
  );
  const id = textOf(row, "id");
  const name = textOf(row, "name") ?? id;
  const tags: Record<string, string> = {};
  if (id !== undefined && id !== name) tags[TTS_DEVICE_ID] = id;
  for (const column of TAG_COLUMNS) {
    const text = textOf(row, column);
    if (text !== undefined) tags[column] = text;
  }
  const keys = chooseRootKeys("app-key", macVersion, {
    nwkKey: keyOf(row, "nwk_key"),
    appKey: keyOf(row, "app_key"),
    genAppKey: undefined,
  });
  const members = {
    devEui: euiOf(row, "dev_eui"),
    joinEui: euiOf(row, "join_eui"),
    name,
    description: textOf(row, "description"),
    tags,
  };
  return completeRecord(members, macVersion, keys, defaults);
}
