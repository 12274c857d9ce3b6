import { CsvError, parse } from "csv-parse/sync";

/** A row that has no end by then has a quote that is never closed. Those with 65,536 DevNonces have 0.4 million characters. */
const MAX_ROW_LENGTH = 4 * 1024 * 1024;

/** A row by its headings, and the line it starts in. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvProblem {
  readonly line: number;
  readonly problem: string;
}

type Found = CsvRow | CsvProblem;

interface Values {
  readonly line: number;
  readonly values: readonly string[];
}

/**
 * Rows of CSV (RFC 4180) with a heading row, from a stream of text. The separator is the one of `;`, `,`
 * and tab that the heading row has most of: The Things Stack writes `;`, databases `,`.
 */
export class CsvRows {
  readonly #aliases: Readonly<Record<string, string>>;
  #rest = "";
  #line = 1;
  #headings: readonly string[] | undefined;
  #separator = ";";

  /** @param aliases other headings for the same, lower case */
  constructor(aliases: Readonly<Record<string, string>> = {}) {
    this.#aliases = aliases;
  }

  push(text: string): Found[] {
    this.#rest += text;
    const end = endOfLastRow(this.#rest);
    if (end === 0 && this.#rest.length > MAX_ROW_LENGTH) {
      const problem = { line: this.#line, problem: "a quote is opened here and never closed" };
      this.#rest = this.#rest.slice(this.#rest.indexOf("\n") + 1);
      return [problem];
    }
    const rows = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return this.#parse(rows);
  }

  end(): Found[] {
    const rows = this.#rest;
    this.#rest = "";
    return this.#parse(rows);
  }

  #parse(text: string): Found[] {
    if (text.trim() === "") {
      this.#line += countLines(text);
      return [];
    }
    const found: Found[] = [];
    let rows = text;
    if (this.#headings === undefined) {
      rows = rows.replace(/^\ufeff?\s*/, (skipped) => {
        this.#line += countLines(skipped);
        return "";
      });
      this.#separator = separatorOf(rows);
    }
    const firstLine = this.#line;
    this.#line += countLines(rows);
    for (const row of this.#values(rows, firstLine)) {
      if ("problem" in row) {
        found.push(row);
        continue;
      }
      const { line, values } = row;
      if (this.#headings === undefined) this.#headings = values.map((name) => this.#nameOf(name));
      else if (values.length !== this.#headings.length) {
        found.push({ line, problem: wrongCount(values.length, this.#headings.length) });
      } else found.push({ line, cells: this.#cellsOf(this.#headings, values) });
    }
    return found;
  }

  /** In the order of the lines, whatever is wrong with some. */
  #values(text: string, firstLine: number): (Values | CsvProblem)[] {
    // Without a quote there is nothing to understand, and a file of a million rows is read ten times as fast.
    if (!text.includes('"')) return splitUnquoted(text, this.#separator, firstLine);
    try {
      const parsed = parse(text, {
        delimiter: this.#separator,
        relax_column_count: true,
        trim: true,
        skip_empty_lines: true,
        info: true,
      }) as unknown as { info: { lines: number }; record: string[] }[];
      return parsed.map(({ info, record }) => {
        const breaks = record.reduce((sum, value) => sum + countLines(value), 0);
        return { line: firstLine + info.lines - 1 - breaks, values: record };
      });
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      return this.#oneByOne(text, firstLine);
    }
  }

  /** Of a piece with something wrong in it, every line by itself, so that only the wrong ones are lost. */
  #oneByOne(text: string, firstLine: number): (Values | CsvProblem)[] {
    const lines = text.split("\n");
    if (lines.length <= 2) {
      return [{ line: firstLine, problem: "the quotes of this row do not fit" }];
    }
    return lines.flatMap((line, index) => this.#values(`${line}\n`, firstLine + index));
  }

  #nameOf(heading: string): string {
    const name = heading.toLowerCase();
    return this.#aliases[name] ?? name;
  }

  #cellsOf(headings: readonly string[], values: readonly string[]): Record<string, string> {
    const cells: Record<string, string> = {};
    for (const [index, heading] of headings.entries()) cells[heading] = values[index] as string;
    return cells;
  }
}

/** Behind the last line break that is outside of quotes: an even number of quotes stands before it. */
function endOfLastRow(text: string): number {
  let end = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) isQuoted = !isQuoted;
    else if (code === 0x0a && !isQuoted) end = index + 1;
  }
  return end;
}

function splitUnquoted(text: string, separator: string, firstLine: number): Values[] {
  const found: Values[] = [];
  for (const [index, row] of text.split("\n").entries()) {
    if (row.trim() === "") continue;
    const values = row.split(separator).map((value) => value.trim());
    found.push({ line: firstLine + index, values });
  }
  return found;
}

function separatorOf(text: string): string {
  const heading = text.split("\n", 1)[0] as string;
  const count = (separator: string) => heading.split(separator).length;
  return [";", ",", "\t"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}

function wrongCount(count: number, expected: number): string {
  return `the row has ${count} fields, the heading row ${expected}`;
}
