import type { DeviceFileParser, ParsedRecord, ParseOptions, Position } from "../device-record.ts";
import { type DeviceFormat, FORMATS } from "../formats.ts";
import { isObject } from "../record-fields.ts";
import { CsvRows } from "../split/csv-rows.ts";
import { JsonTexts } from "../split/json-texts.ts";
import { TTS_CSV_ALIASES } from "../tts/tts-csv.ts";
import { parseRecord, type RecordFormat } from "./record-parser.ts";

/** A parser for a file of the format, from its first line on. */
export function createDeviceFileParser(
  format: DeviceFormat,
  options: ParseOptions,
): DeviceFileParser {
  return FORMATS[format].shape === "csv"
    ? new CsvParser(format, options)
    : new JsonParser(format, options);
}

class JsonParser implements DeviceFileParser {
  readonly #texts = new JsonTexts();
  readonly #format: RecordFormat;
  readonly #options: ParseOptions;
  #records = 0;

  constructor(format: DeviceFormat, options: ParseOptions) {
    this.#format = FORMATS[format].format;
    this.#options = options;
  }

  push(text: string): ParsedRecord[] {
    return this.#texts.push(text).map((piece) => this.#parse(piece));
  }

  end(): ParsedRecord[] {
    return this.#texts.end().map((piece) => this.#parse(piece));
  }

  #parse({ text, line }: { text: string; line: number }): ParsedRecord {
    const position = { line, record: ++this.#records };
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // The error of JSON.parse repeats the text, in which keys stand.
      return textError(position, "this is no JSON object; look for a missing quote or bracket");
    }
    if (!isObject(value)) return textError(position, "a device must be a JSON object");
    return parseRecord(this.#format, value, this.#options, position);
  }
}

class CsvParser implements DeviceFileParser {
  readonly #rows: CsvRows;
  readonly #format: RecordFormat;
  readonly #options: ParseOptions;
  #records = 0;

  constructor(format: DeviceFormat, options: ParseOptions) {
    this.#rows = new CsvRows(format === "tts-csv" ? TTS_CSV_ALIASES : {});
    this.#format = FORMATS[format].format;
    this.#options = options;
  }

  push(text: string): ParsedRecord[] {
    return this.#rows.push(text).map((row) => this.#parse(row));
  }

  end(): ParsedRecord[] {
    return this.#rows.end().map((row) => this.#parse(row));
  }

  #parse(row: ReturnType<CsvRows["push"]>[number]): ParsedRecord {
    const position = { line: row.line, record: ++this.#records };
    if ("problem" in row) return textError(position, row.problem);
    return parseRecord(this.#format, row.cells, this.#options, position);
  }
}

function textError(position: Position, message: string): ParsedRecord {
  return { position, devEui: undefined, code: "text-malformed", message };
}
