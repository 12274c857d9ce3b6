import type { DeviceFileParser, ParseOptions } from "../device-record.ts";
import type { DeviceFormat } from "../formats.ts";
import { createRecordSplitter, parseRawRecord, type RawRecord } from "./raw-records.ts";

/** A parser for a file of the format, from its first line on. */
export function createDeviceFileParser(
  format: DeviceFormat,
  options: ParseOptions,
): DeviceFileParser {
  const splitter = createRecordSplitter(format);
  const parse = (raw: RawRecord) => parseRawRecord(raw, format, options);
  return {
    push: (text) => splitter.push(text).map(parse),
    end: () => splitter.end().map(parse),
  };
}
