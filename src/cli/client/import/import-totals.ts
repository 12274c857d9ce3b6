import type { Position } from "../../../device-files/device-record.ts";
import type { ImportAnswer } from "../../../server/join-server/import/schemas.ts";
import type { Problem } from "./problems.ts";

export interface ImportTotals {
  readonly created: number;
  readonly unchanged: number;
  readonly different: number;
  readonly error: number;
  /** Batches of which nothing was written because of an error. */
  readonly batchesLeftOut: number;
}

export const NOTHING_IMPORTED: ImportTotals = {
  created: 0,
  unchanged: 0,
  different: 0,
  error: 0,
  batchesLeftOut: 0,
};

/** The totals with one more batch. */
export function addBatch(
  totals: ImportTotals,
  { counts, isWritten, isDryRun }: ImportAnswer,
): ImportTotals {
  const isLeftOut = !(isWritten || isDryRun);
  return {
    created: totals.created + (isLeftOut ? 0 : counts.created),
    unchanged: totals.unchanged + counts.unchanged,
    different: totals.different + counts.different,
    error: totals.error + counts.error,
    batchesLeftOut: totals.batchesLeftOut + (isLeftOut ? 1 : 0),
  };
}

/**
 * What an answer says of its records.
 *
 * @param placeOf where in the file a record of the answer stands
 */
export function problemsOfAnswer(
  { records }: ImportAnswer,
  placeOf: (inAnswer: Position) => Position,
): Problem[] {
  return records.flatMap(({ record, line, devEui, outcome, code, detail, warnings = [] }) => {
    const position = placeOf({ record, line });
    const problem = (kind: Problem["kind"], message: string): Problem => ({
      position,
      devEui,
      kind,
      code,
      message,
    });
    const isProblem = outcome === "error" || outcome === "different";
    return [
      ...(isProblem ? [problem(outcome, detail ?? outcome)] : []),
      ...warnings.map((warning) => problem("warning", warning)),
    ];
  });
}
