import type { PieceOfText } from "./json-texts.ts";

/** A piece of text by its lines, without empty ones. */
export class Lines {
  #rest = "";
  #line = 1;

  push(text: string): PieceOfText[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() as string;
    return lines.flatMap((line) => this.#next(line));
  }

  end(): PieceOfText[] {
    return this.#next(this.#rest);
  }

  #next(text: string): PieceOfText[] {
    const line = this.#line++;
    const trimmed = text.replace(/^\ufeff/, "").trim();
    return trimmed === "" ? [] : [{ text: trimmed, line }];
  }
}
