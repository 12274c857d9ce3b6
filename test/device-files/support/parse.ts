import assert from "node:assert/strict";
import { exportAes128Key } from "../../../src/crypto/aes128.ts";
import {
  type DeviceRecord,
  isRecordError,
  type ParsedDevice,
  type ParseOptions,
  type RecordError,
} from "../../../src/device-files/device-record.ts";
import type { DeviceFormat } from "../../../src/device-files/formats.ts";
import { readDeviceText } from "../../../src/device-files/parser/read-device-text.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";
import { parseNetId } from "../../../src/lorawan/identifiers.ts";

/** What a file without them is imported with. */
export const OPTIONS: ParseOptions = {
  defaults: { homeNetId: parseNetId("000013"), asId: "example-as" },
  keks: new Map(),
};

/** All records of a text, of which none has an error. */
export function parseAll(
  text: string,
  format: DeviceFormat,
  options: ParseOptions = OPTIONS,
): ParsedDevice[] {
  return readDeviceText(text, format, options).map((record) => {
    assert.ok(!isRecordError(record), JSON.stringify(record));
    return record;
  });
}

/** The only record of a text. */
export function parseOne(text: string, format: DeviceFormat, options?: ParseOptions): DeviceRecord {
  const records = parseAll(text, format, options);
  assert.equal(records.length, 1);
  return (records[0] as ParsedDevice).device;
}

/** The errors among the records of a text. */
export function errorsOf(
  text: string,
  format: DeviceFormat,
  options: ParseOptions = OPTIONS,
): RecordError[] {
  return readDeviceText(text, format, options).filter(isRecordError);
}

/** A device with its keys as hex text, to be compared. */
export function plain(device: DeviceRecord): unknown {
  const { nwkKey, appKey } = device.rootKeys;
  const hex = (key: typeof nwkKey) => formatHex(exportAes128Key(key));
  return { ...device, rootKeys: { nwkKey: hex(nwkKey), appKey: appKey && hex(appKey) } };
}

export function keysOf(device: DeviceRecord): { nwkKey: string; appKey: string | undefined } {
  return (plain(device) as { rootKeys: { nwkKey: string; appKey: string | undefined } }).rootKeys;
}
