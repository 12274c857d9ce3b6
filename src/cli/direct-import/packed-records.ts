import type { RawRecord } from "../../device-files/parser/raw-records.ts";

/** Records on their way to a thread: a message of few objects takes a fraction of the time. */
export interface PackedRecords {
  /** The texts of the records, one behind the other. */
  readonly text: string;
  /** Of each text: where it ends, the line it stands in and the number of its record. */
  readonly ends: Uint32Array;
  readonly lines: Uint32Array;
  readonly numbers: Uint32Array;
  /** Records that are no text. */
  readonly others: readonly RawRecord[];
}

export function packRecords(records: readonly RawRecord[]): PackedRecords {
  const texts = records.filter((record) => "text" in record);
  let end = 0;
  return {
    text: texts.map(({ text }) => text).join(""),
    ends: Uint32Array.from(texts, ({ text }) => {
      end += text.length;
      return end;
    }),
    lines: Uint32Array.from(texts, ({ position }) => position.line),
    numbers: Uint32Array.from(texts, ({ position }) => position.record),
    others: records.filter((record) => !("text" in record)),
  };
}

/** The inverse of `packRecords`; records of a file are all texts, or none of them is. */
export function unpackRecords({ text, ends, lines, numbers, others }: PackedRecords): RawRecord[] {
  const records: RawRecord[] = [...others];
  let start = 0;
  for (const [index, end] of ends.entries()) {
    const position = { line: lines[index] as number, record: numbers[index] as number };
    records.push({ position, text: text.slice(start, end) });
    start = end;
  }
  return records;
}
