import type { ParsedRecord, ParseOptions, Position } from "../device-record.ts";
import { type DeviceFormat, FORMATS } from "../formats.ts";
import { type Fields, isObject } from "../record-fields.ts";
import { CsvRows } from "../split/csv-rows.ts";
import { JsonTexts, type PieceOfText } from "../split/json-texts.ts";
import { TTS_CSV_ALIASES } from "../tts/tts-csv.ts";
import { parseRecord } from "./record-parser.ts";

/** One record of a file, cut out and not looked at yet. It can be sent to another thread. */
export type RawRecord = { readonly position: Position } & (
  | { readonly text: string }
  | { readonly cells: Fields }
  | { readonly problem: string }
);

/** Cuts a file into its records piece by piece, as it comes. */
export interface RecordSplitter {
  /** The records that are complete now. */
  push(text: string): RawRecord[];
  /** The rest. */
  end(): RawRecord[];
}

/** For a file of the format, from its first line on. */
export function createRecordSplitter(format: DeviceFormat): RecordSplitter {
  return FORMATS[format].shape === "csv" ? new CsvSplitter(format) : new JsonSplitter();
}

/** What a record says, or what is wrong with it. Never throws. */
export function parseRawRecord(
  raw: RawRecord,
  format: DeviceFormat,
  options: ParseOptions,
): ParsedRecord {
  const { position } = raw;
  if ("problem" in raw) return textError(position, raw.problem);
  if ("cells" in raw) return parseRecord(FORMATS[format].format, raw.cells, options, position);
  let value: unknown;
  try {
    value = JSON.parse(raw.text);
  } catch {
    // The error of JSON.parse repeats the text, in which keys stand.
    return textError(position, "this is no JSON object; look for a missing quote or bracket");
  }
  if (!isObject(value)) return textError(position, "a device must be a JSON object");
  return parseRecord(FORMATS[format].format, value, options, position);
}

class JsonSplitter implements RecordSplitter {
  readonly #texts = new JsonTexts();
  #records = 0;

  push(text: string): RawRecord[] {
    return this.#texts.push(text).map((piece) => this.#number(piece));
  }

  end(): RawRecord[] {
    return this.#texts.end().map((piece) => this.#number(piece));
  }

  #number({ text, line }: PieceOfText): RawRecord {
    return { position: { line, record: ++this.#records }, text };
  }
}

class CsvSplitter implements RecordSplitter {
  readonly #rows: CsvRows;
  #records = 0;

  constructor(format: DeviceFormat) {
    this.#rows = new CsvRows(format === "tts-csv" ? TTS_CSV_ALIASES : {});
  }

  push(text: string): RawRecord[] {
    return this.#rows.push(text).map((row) => this.#number(row));
  }

  end(): RawRecord[] {
    return this.#rows.end().map((row) => this.#number(row));
  }

  #number({ line, ...row }: ReturnType<CsvRows["push"]>[number]): RawRecord {
    return { position: { line, record: ++this.#records }, ...row };
  }
}

function textError(position: Position, message: string): ParsedRecord {
  return { position, devEui: undefined, code: "text-malformed", message };
}
