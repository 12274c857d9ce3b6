/** The longest object that is taken: The Things Stack's with sessions have some 5 kB. */
const MAX_LENGTH = 4 * 1024 * 1024;

const NEWLINE = 0x0a;
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

/** Where the scan is: between objects, in one, in a string of one, or in something that is none. */
type Place = "between" | "object" | "string" | "wrong";

/**
 * Cuts a stream of text into its JSON objects: one after another, one a line, or in one array. Objects are
 * not checked here. What is no object comes out as a piece of its own, up to the end of its line, and is
 * then found to be no JSON.
 */
export class JsonTexts {
  #rest = "";
  #looked = 0;
  #place: Place = "between";
  #depth = 0;
  #isEscaped = false;
  #line = 1;
  #startLine = 1;

  push(text: string): PieceOfText[] {
    const rest = this.#rest + text;
    const found: PieceOfText[] = [];
    let start = 0;
    for (let index = this.#looked; index < rest.length; index++) {
      const code = rest.charCodeAt(index);
      const wasBetween = this.#place === "between";
      const isEnd = this.#step(code);
      if (wasBetween && this.#place !== "between") {
        start = index;
        this.#startLine = this.#line;
      }
      if (isEnd) found.push({ text: rest.slice(start, index + 1), line: this.#startLine });
      if (code === NEWLINE) this.#line++;
    }
    this.#rest = this.#place === "between" ? "" : rest.slice(start);
    this.#looked = this.#rest.length;
    return this.#rest.length > MAX_LENGTH ? [...found, ...this.end()] : found;
  }

  /** An object that does not end. */
  end(): PieceOfText[] {
    const text = this.#rest;
    this.#rest = "";
    this.#looked = 0;
    this.#place = "between";
    return text === "" ? [] : [{ text, line: this.#startLine }];
  }

  /** @returns whether a piece ends with this character */
  #step(code: number): boolean {
    switch (this.#place) {
      case "string":
        this.#stepInString(code);
        return false;
      case "object":
        return this.#stepInObject(code);
      case "wrong":
        if (code === NEWLINE) this.#place = "between";
        return code === NEWLINE;
      case "between":
        if (code === OPEN) {
          this.#place = "object";
          this.#depth = 1;
        } else if (!BETWEEN.has(code)) this.#place = "wrong";
        return false;
    }
  }

  #stepInObject(code: number): boolean {
    if (code === QUOTE) this.#place = "string";
    else if (code === OPEN) this.#depth++;
    else if (code === CLOSE) this.#depth--;
    if (this.#depth > 0) return false;
    this.#place = "between";
    return true;
  }

  #stepInString(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === BACKSLASH) this.#isEscaped = true;
    else if (code === QUOTE) this.#place = "object";
  }
}
