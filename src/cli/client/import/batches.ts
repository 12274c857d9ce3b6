import {
  isRecordError,
  type ParsedRecord,
  type Position,
} from "../../../device-files/device-record.ts";
import { formatDevice } from "../../../device-files/format-devices.ts";
import { readLines } from "./read-records.ts";
import type { Batch } from "./send-batches.ts";

/** Devices of one transaction: joins wait while it is made, and the server holds three at a time. */
const BATCH_DEVICES = 250;
/** Well below what the server takes at once. */
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** Devices that have no error, in Warren's own format. */
export async function* batchDevices(records: AsyncIterable<ParsedRecord[]>): AsyncGenerator<Batch> {
  let lines: string[] = [];
  let positions: Position[] = [];
  let characters = 0;
  for await (const some of records) {
    for (const record of some) {
      if (isRecordError(record)) continue;
      const line = formatDevice("warren", record.device, { kind: "clear" });
      lines.push(line);
      positions.push(record.position);
      characters += line.length;
      if (lines.length < BATCH_DEVICES && characters < BATCH_CHARACTERS) continue;
      yield { text: lines.join(""), positions, countOf: "records" };
      [lines, positions, characters] = [[], [], 0];
    }
  }
  if (lines.length > 0) yield { text: lines.join(""), positions, countOf: "records" };
}

/** Lines of sealed devices, which only the server can open; how many are in one is not seen here. */
export async function* batchSealed(file: string): AsyncGenerator<Batch> {
  for await (const pieces of readLines(file)) {
    for (const { text, line } of pieces) {
      yield { text, positions: [{ line, record: line }], countOf: "lines" };
    }
  }
}
