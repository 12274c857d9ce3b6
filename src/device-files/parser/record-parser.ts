import { WarrenError } from "../../errors.ts";
import type { ParsedDevice, ParsedRecord, ParseOptions, Position } from "../device-record.ts";
import type { Fields } from "../record-fields.ts";
import { isObject } from "../record-fields.ts";

/** What a format makes of one record. */
export type DeviceOfRecord = Omit<ParsedDevice, "position">;

/** @throws WarrenError for a record that is no device */
export type RecordFormat = (record: Fields, options: ParseOptions) => DeviceOfRecord;

/** One record as a device, or what is wrong with it. Never throws. */
export function parseRecord(
  format: RecordFormat,
  record: Fields,
  options: ParseOptions,
  position: Position,
): ParsedRecord {
  try {
    const { device, warnings } = format(record, options);
    return { position, device, warnings };
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    const { code, message } = error;
    return { position, devEui: writtenDevEui(record), code, message };
  }
}

/** The DevEUI as the file has it, to find the record by, wherever a format puts it. */
function writtenDevEui(record: Fields): string | undefined {
  const places = [
    record,
    record["ids"],
    record["device"],
    record["deviceKeys"],
    record["device_keys"],
  ];
  for (const place of places) {
    if (!isObject(place)) continue;
    for (const name of ["devEui", "dev_eui", "devEUI"]) {
      const text = place[name];
      // Anything longer could be a key in the wrong column.
      if (typeof text === "string" && text !== "" && text.length <= 23) return text;
    }
  }
  return undefined;
}
