/** The longest object that is taken. The Things Stack's with sessions have some 5 kB, ours with 65,536 DevNonces 0.4 MB. */
export const MAX_JSON_LENGTH = 4 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Space, the brackets and commas of an array around objects, and a byte order mark. */
const BETWEEN = new Set([..." \t\r\n[],\ufeff"].map((character) => character.charCodeAt(0)));

/** A piece of a file and the line it starts in, counted from 1. */
export interface PieceOfText {
  readonly text: string;
  readonly line: number;
}

/** Where the scan is: between objects, in one, or in something that is none. */
type Place = "between" | "object" | "wrong";

/**
 * Cuts a stream of text into its JSON objects: one after another, one a line, or in one array. Objects are
 * not checked here. What is no object comes out as a piece of its own, up to the end of its line, and is
 * then found to be no JSON.
 */
export class JsonTexts {
  #rest = "";
  #looked = 0;
  #place: Place = "between";
  /** Of the object under way. */
  #depth = 0;
  #isInString = false;
  /** Of the start of `#rest`. */
  #line = 1;

  push(text: string): PieceOfText[] {
    const rest = this.#rest + text;
    const found: PieceOfText[] = [];
    let start = 0;
    let index = this.#looked;
    while (index < rest.length) {
      if (this.#isBetween()) {
        start = this.#skipBetween(rest, index);
        this.#line += countLines(rest, index, start);
        index = start;
      } else {
        index = this.#skipPiece(rest, index);
        if (this.#isBetween()) {
          found.push({ text: rest.slice(start, index), line: this.#line });
          this.#line += countLines(rest, start, index);
          start = index;
        }
      }
    }
    this.#rest = rest.slice(start);
    this.#looked = this.#rest.length;
    return this.#rest.length > MAX_JSON_LENGTH ? [...found, ...this.end()] : found;
  }

  /** An object that does not end. */
  end(): PieceOfText[] {
    const text = this.#rest;
    this.#rest = "";
    this.#looked = 0;
    this.#place = "between";
    return text.trim() === "" ? [] : [{ text, line: this.#line }];
  }

  /** @returns where something begins */
  #skipBetween(text: string, from: number): number {
    let index = from;
    while (index < text.length && BETWEEN.has(text.charCodeAt(index))) index++;
    if (index < text.length) {
      this.#place = text.charCodeAt(index) === OPEN ? "object" : "wrong";
      this.#depth = 0;
      this.#isInString = false;
    }
    return index;
  }

  #isBetween(): boolean {
    return this.#place === "between";
  }

  #skipPiece(text: string, from: number): number {
    return this.#place === "object" ? this.#skipObject(text, from) : this.#skipLine(text, from);
  }

  #skipLine(text: string, from: number): number {
    const end = text.indexOf("\n", from);
    if (end < 0) return text.length;
    this.#place = "between";
    return end;
  }

  #skipObject(text: string, from: number): number {
    let index = from;
    while (index < text.length) {
      if (this.#isInString) {
        index = this.#skipString(text, index);
        continue;
      }
      const code = text.charCodeAt(index++);
      if (code === QUOTE) this.#isInString = true;
      else if (code === OPEN) this.#depth++;
      else if (code === CLOSE && --this.#depth === 0) {
        this.#place = "between";
        return index;
      }
    }
    return index;
  }

  #skipString(text: string, from: number): number {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length;
    if (!isEscaped(text, quote)) this.#isInString = false;
    return quote + 1;
  }
}

/** Whether an odd number of backslashes stands before it. The text has the whole object up to there. */
function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (index - first) % 2 === 1;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) {
    count++;
  }
  return count;
}
