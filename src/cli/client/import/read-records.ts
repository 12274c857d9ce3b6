import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { ParsedRecord, ParseOptions } from "../../../device-files/device-record.ts";
import type { DeviceFormat } from "../../../device-files/formats.ts";
import {
  DETECTION_LENGTH,
  detectFormat,
  type FileFormat,
} from "../../../device-files/parser/detect-format.ts";
import { createDeviceFileParser } from "../../../device-files/parser/device-file-parser.ts";
import { DuplicateFinder } from "../../../device-files/parser/find-duplicates.ts";
import { createRecordSplitter, type RawRecord } from "../../../device-files/parser/raw-records.ts";
import type { PieceOfText } from "../../../device-files/split/json-texts.ts";
import { Lines } from "../../../device-files/split/lines.ts";
import { WarrenError } from "../../../errors.ts";

/** Read at a time: as many records as are under way between two looks at the clock. */
const CHUNK_BYTES = 64 * 1024;

/** @throws WarrenError `configuration-invalid` */
export async function detectFileFormat(file: string): Promise<FileFormat> {
  const format = detectFormat(await readHead(file));
  if (format !== undefined) return format;
  throw new WarrenError(
    "configuration-invalid",
    `${file} looks like no known format of devices; say which it is with --format`,
  );
}

/**
 * The records of a file, some at a time; a DevEUI that comes twice is an error the second time.
 *
 * @throws WarrenError `configuration-invalid` when the file cannot be read
 */
export async function* readRecords(
  file: string,
  format: DeviceFormat,
  options: ParseOptions,
): AsyncGenerator<ParsedRecord[]> {
  const parser = createDeviceFileParser(format, options);
  const duplicates = new DuplicateFinder();
  const check = (record: ParsedRecord): ParsedRecord => duplicates.check(record);
  for await (const text of readText(file)) yield parser.push(text).map(check);
  yield parser.end().map(check);
}

/** The records of a file without a look at them, some at a time. @throws WarrenError `configuration-invalid` */
export async function* readRawRecords(
  file: string,
  format: DeviceFormat,
): AsyncGenerator<RawRecord[]> {
  const splitter = createRecordSplitter(format);
  for await (const text of readText(file)) yield splitter.push(text);
  yield splitter.end();
}

/** The lines of a file that are not empty, some at a time. @throws WarrenError `configuration-invalid` */
export async function* readLines(file: string): AsyncGenerator<PieceOfText[]> {
  const lines = new Lines();
  for await (const text of readText(file)) yield lines.push(text);
  yield lines.end();
}

async function* readText(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file, { encoding: "utf8", highWaterMark: CHUNK_BYTES });
  try {
    yield* stream as AsyncIterable<string>;
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function readHead(file: string): Promise<string> {
  try {
    await using handle = await open(file, "r");
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(DETECTION_LENGTH));
    return buffer.toString("utf8", 0, bytesRead);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof WarrenError || code === undefined) return error;
  return new WarrenError("configuration-invalid", `cannot read ${file} (${code})`, {
    cause: error,
  });
}
