import { closeSync, writeSync } from "node:fs";
import type { Position } from "../../../device-files/device-record.ts";
import { cannotWrite, openOutputFile } from "../output-file.ts";

/** What is to be said of one record. */
export interface Problem {
  readonly position: Position;
  readonly devEui: string | undefined;
  readonly kind: "error" | "warning" | "different";
  readonly code: string | undefined;
  readonly message: string;
}

/** Shown on the screen; of all others only the number. */
const SHOWN = 20;

/** Counts what is wrong with a file, keeps the first of it, and writes all of it to a file if asked to. */
export class Problems {
  readonly shown: Problem[] = [];
  readonly counts = { error: 0, warning: 0, different: 0 };
  readonly #file: { readonly path: string; readonly descriptor: number } | undefined;

  /**
   * @param path of a file for all of them, a line each: tab between place, DevEUI, kind, code and text
   * @throws WarrenError `configuration-invalid` when it cannot be written
   */
  constructor(path: string | undefined) {
    this.#file = path === undefined ? undefined : { path, descriptor: openOutputFile(path) };
  }

  /** @throws WarrenError `configuration-invalid` when the file cannot be written */
  add(problem: Problem): void {
    this.counts[problem.kind]++;
    if (this.shown.length < SHOWN) this.shown.push(problem);
    if (this.#file !== undefined) this.#write(this.#file, fieldsOf(problem));
  }

  get count(): number {
    return this.counts.error + this.counts.warning + this.counts.different;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.descriptor);
  }

  #write(
    { path, descriptor }: { readonly path: string; readonly descriptor: number },
    fields: readonly string[],
  ): void {
    try {
      writeSync(descriptor, `${fields.join("\t")}\n`);
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }
}

/** `line 3, 70b3d57ed0000000: error: …` */
export function formatProblem(problem: Problem): string {
  const { position, devEui, kind, code, message } = problem;
  const place = devEui === undefined ? "" : `, DevEUI ${printable(devEui)}`;
  const what = kind === "different" ? "not changed" : kind;
  return `line ${position.line}${place}: ${what}: ${message}${code === undefined ? "" : ` (${code})`}`;
}

function fieldsOf({ position, devEui, kind, code, message }: Problem): string[] {
  return [`line ${position.line}`, printable(devEui ?? ""), kind, code ?? "", message];
}

/** It is what the file says, whatever that is. */
function printable(text: string): string {
  return text.replace(/[^!-~]/g, "?");
}
