import type { ParsedRecord, ParseOptions } from "../device-record.ts";
import type { DeviceFormat } from "../formats.ts";
import { createDeviceFileParser } from "./device-file-parser.ts";
import { DuplicateFinder } from "./find-duplicates.ts";

/** All records of a text that is held as a whole, DevEUIs that come twice included as errors. */
export function readDeviceText(
  text: string,
  format: DeviceFormat,
  options: ParseOptions,
): ParsedRecord[] {
  const parser = createDeviceFileParser(format, options);
  const duplicates = new DuplicateFinder();
  return [...parser.push(text), ...parser.end()].map((record) => duplicates.check(record));
}
