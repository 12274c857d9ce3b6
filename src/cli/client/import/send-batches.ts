import type { Position } from "../../../device-files/device-record.ts";
import type { ImportAnswer } from "../../../server/join-server/import/schemas.ts";
import type { ApiClient, ApiRequest } from "../../api-client/api-client.ts";
import {
  addBatch,
  type ImportTotals,
  NOTHING_IMPORTED,
  problemsOfAnswer,
} from "./import-totals.ts";
import type { Problem, Problems } from "./problems.ts";

/** The server takes one at a time; the next is on its way meanwhile. */
const IN_FLIGHT = 3;

/** One request of an import. */
export interface Batch {
  readonly text: string;
  /** Of each record in the file, or for JWEs of each line. */
  readonly positions: readonly Position[];
  readonly countOf: "records" | "lines";
}

export interface SendOptions {
  readonly query: NonNullable<ApiRequest["query"]>;
  readonly problems: Problems;
  /** Which of the server's words become problems. */
  readonly kinds: readonly Problem["kind"][];
  /** After each answer: devices so far. */
  readonly onAnswer: (totals: ImportTotals) => void;
}

/**
 * Sends all batches, some at once, and adds up the answers.
 *
 * @throws WarrenError of the first batch that fails; those before it are in the database
 */
export async function sendBatches(
  api: ApiClient,
  batches: AsyncIterable<Batch>,
  options: SendOptions,
): Promise<ImportTotals> {
  let totals = NOTHING_IMPORTED;
  const underWay = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const throwFailure = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  const send = async (batch: Batch): Promise<void> => {
    const answer = await api.call<ImportAnswer>("POST", "/imports", {
      query: { ...options.query, only: "problems" },
      text: batch.text,
      contentType: "text/plain; charset=utf-8",
    });
    totals = addBatch(totals, answer);
    addProblems(options, batch, answer);
    options.onAnswer(totals);
  };
  for await (const batch of batches) {
    // One may fail at any time, also while the file is read.
    throwFailure();
    const sending = send(batch)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
    if (underWay.size >= IN_FLIGHT) await Promise.race(underWay);
    throwFailure();
  }
  await Promise.all(underWay);
  throwFailure();
  return totals;
}

function addProblems(
  { problems, kinds }: SendOptions,
  { positions, countOf }: Batch,
  answer: ImportAnswer,
): void {
  const placeOf = (inAnswer: Position): Position =>
    positions[(countOf === "records" ? inAnswer.record : inAnswer.line) - 1] ?? inAnswer;
  for (const problem of problemsOfAnswer(answer, placeOf)) {
    if (kinds.includes(problem.kind)) problems.add(problem);
  }
}
