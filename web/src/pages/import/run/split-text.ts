/** A piece of a file that is a text of its own: with the heading row, if the file has one. */
export interface TextPart {
  readonly text: string;
  /** Lines of the heading at its beginning. */
  readonly headingLines: number;
  /** Which line of the file follows the heading, from 1. */
  readonly firstLine: number;
}

/** About a second's work for the server, so that progress is seen and joins go on in between. */
const PART_LENGTH = 128 * 1024;

/** Where in the file a line of a part stands. Both count from 1. */
export function lineInFile(part: TextPart, line: number): number {
  return line <= part.headingLines ? line : line - part.headingLines - 1 + part.firstLine;
}

/**
 * Splits a file of devices between its records: CSV between rows, JSON and JWEs between lines. JSON that is not
 * one record a line stays whole.
 *
 * @param partLength characters of a part, which the record that ends it may exceed
 */
export function splitText(text: string, partLength = PART_LENGTH): TextPart[] {
  const first = text.trimStart();
  if (/^[[{]/.test(first)) {
    return isRecordALine(text) ? splitRows(text, 0, partLength) : [whole(text)];
  }
  const isSealed = first.startsWith("eyJ");
  return splitRows(text, isSealed ? 0 : endOfHeading(text), partLength);
}

function whole(text: string): TextPart {
  return { text, headingLines: 0, firstLine: 1 };
}

function isRecordALine(text: string): boolean {
  const lines = text.split("\n").map((line) => line.trim());
  const filled = lines.filter((line) => line !== "");
  if (!filled.every((line) => line.startsWith("{") && line.endsWith("}"))) return false;
  try {
    JSON.parse(filled[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

function splitRows(text: string, bodyStart: number, partLength: number): TextPart[] {
  const heading = text.slice(0, bodyStart);
  const headingLines = countLines(heading);
  const parts: TextPart[] = [];
  let start = bodyStart;
  let firstLine = headingLines + 1;
  while (start < text.length || parts.length === 0) {
    const end = endOfRows(text, start, partLength);
    const rows = text.slice(start, end);
    parts.push({ text: heading + rows, headingLines, firstLine });
    firstLine += countLines(rows);
    start = end;
  }
  return parts;
}

/** After the first line that is not empty: the names of the columns. */
function endOfHeading(text: string): number {
  const blank = text.length - text.trimStart().length;
  return endOfRows(text, blank, 1);
}

/** The end of the first row that is at least `length` characters from `start`; a quoted field may have lines. */
function endOfRows(text: string, start: number, length: number): number {
  let isQuoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === "\n" && !isQuoted && at + 1 - start >= length) return at + 1;
  }
  return text.length;
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
