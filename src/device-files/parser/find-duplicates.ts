import { U64Map } from "../../u64-map.ts";
import { isRecordError, type ParsedRecord } from "../device-record.ts";

/** Finds records of a file whose DevEUI has come before. Takes 25 bytes a device. */
export class DuplicateFinder {
  readonly #records = new U64Map();

  /** The record, or an error in its place. */
  check(record: ParsedRecord): ParsedRecord {
    if (isRecordError(record)) return record;
    const { position, device } = record;
    const first = this.#records.putIfAbsent(device.devEui, position.record);
    if (first === undefined) return record;
    return {
      position,
      devEui: device.devEui,
      code: "write-conflict",
      message: `record ${first} has the same DevEUI; leave one of them out`,
    };
  }
}
