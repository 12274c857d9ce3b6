import { postImports } from "../../../api/generated/warren-api.ts";
import { type ImportReport, ReportBuilder } from "./import-report.ts";
import type { TextPart } from "./split-text.ts";

type Query = Parameters<typeof postImports>[0];

/** What is said for all devices of a file, as the server takes it. */
export type ImportSettings = Pick<
  Query,
  "format" | "joinEui" | "homeNetId" | "asId" | "macVersion"
>;

export interface ImportRun {
  readonly parts: readonly TextPart[];
  readonly settings: ImportSettings;
  readonly isDryRun: boolean;
  /** Adds the records without an error; otherwise an error keeps its part out. */
  readonly skipsErrors: boolean;
}

/** Of a run: how many parts have been answered, and what was said. */
export interface ImportProgress {
  readonly done: number;
  readonly report: ImportReport;
}

/**
 * Sends the parts of a file one after another; each is a transaction. Ends early, between two parts, when
 * `signal` says so.
 *
 * @throws ApiError of the first part that is refused; those before it are imported
 */
export async function runImport(
  { parts, settings, isDryRun, skipsErrors }: ImportRun,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const builder = new ReportBuilder();
  let { format } = settings;
  for (const [index, part] of parts.entries()) {
    if (signal.aborted) return;
    // The API's document has no body for text of many formats, and so its client does not name one.
    const sent = { body: part.text, headers: { "content-type": "text/plain; charset=utf-8" } };
    const answer = await postImports(
      {
        ...settings,
        ...(format !== undefined && { format }),
        dryRun: isDryRun ? "true" : "false",
        skipErrors: skipsErrors ? "true" : "false",
      },
      sent,
    );
    // A later part could look like another format by itself.
    format = answer.format;
    builder.add(part, answer);
    onProgress({ done: index + 1, report: builder.report() });
  }
}
