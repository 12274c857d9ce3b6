import type { ImportedRecord } from "../../../api/generated/warren-api.ts";
import { lineInFile, type TextPart } from "./split-text.ts";

export type Outcome = ImportedRecord["outcome"];

/** What the server said of one record, with its place in the file. */
export interface FileRecord {
  readonly line: number;
  readonly devEui: string | undefined;
  readonly outcome: Outcome;
  /** As in docs/errors.md. */
  readonly code: string | undefined;
  /** What is wrong, and warnings; sentences. */
  readonly words: readonly string[];
  readonly hasWarnings: boolean;
}

/** What has been said of a file so far. */
export interface ImportReport {
  /** As which the server read the file. */
  readonly format: string;
  readonly records: readonly FileRecord[];
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly warnings: number;
}

interface Answer {
  readonly format: string;
  readonly records: readonly ImportedRecord[];
}

/**
 * Puts the answers to the parts of a file together. A DevEUI that comes twice is an error, as it is where a
 * file is read as a whole.
 */
export class ReportBuilder {
  readonly #records: FileRecord[] = [];
  readonly #counts: Record<Outcome, number> = { created: 0, unchanged: 0, different: 0, error: 0 };
  readonly #lineOfDevice = new Map<string, number>();
  #format = "";
  #warnings = 0;

  add(part: TextPart, { format, records }: Answer): void {
    this.#format = format;
    for (const record of records) {
      const placed = this.#place(record, lineInFile(part, record.line));
      this.#records.push(placed);
      this.#counts[placed.outcome]++;
      if (placed.hasWarnings) this.#warnings++;
    }
  }

  report(): ImportReport {
    return {
      format: this.#format,
      records: [...this.#records],
      counts: { ...this.#counts },
      warnings: this.#warnings,
    };
  }

  #place(
    { devEui, outcome, code, detail, warnings = [] }: ImportedRecord,
    line: number,
  ): FileRecord {
    const first = devEui === undefined ? undefined : this.#lineOfDevice.get(devEui);
    const isOtherError = outcome === "error" && code !== "write-conflict";
    if (first !== undefined && !isOtherError) {
      return {
        ...{ line, devEui, outcome: "error", code: "write-conflict", hasWarnings: false },
        words: [`line ${first} has the same DevEUI; leave one of them out`],
      };
    }
    if (devEui !== undefined && outcome !== "error") this.#lineOfDevice.set(devEui, line);
    return {
      ...{ line, devEui, outcome, code, hasWarnings: warnings.length > 0 },
      words: [...(detail === undefined ? [] : [detail]), ...warnings],
    };
  }
}
