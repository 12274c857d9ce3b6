import type { Position } from "../../../device-files/device-record.ts";
import type { ImportAnswer } from "../../../server/join-server/import/schemas.ts";
import type { ApiClient, ApiRequest } from "../../api-client/api-client.ts";
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

export interface ImportTotals {
  readonly created: number;
  readonly unchanged: number;
  readonly different: number;
  readonly error: number;
  /** Batches of which nothing was written because of an error. */
  readonly batchesLeftOut: number;
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
  let totals: ImportTotals = {
    created: 0,
    unchanged: 0,
    different: 0,
    error: 0,
    batchesLeftOut: 0,
  };
  const underWay = new Set<Promise<void>>();
  const send = async (batch: Batch): Promise<void> => {
    const answer = await api.call<ImportAnswer>("POST", "/imports", {
      query: { ...options.query, only: "problems" },
      text: batch.text,
      contentType: "text/plain; charset=utf-8",
    });
    totals = addTo(totals, answer);
    addProblems(options, batch, answer);
    options.onAnswer(totals);
  };
  for await (const batch of batches) {
    const sending = send(batch).finally(() => underWay.delete(sending));
    // Its failure is seen by whoever waits below, at the latest at the end.
    sending.catch(() => undefined);
    underWay.add(sending);
    if (underWay.size >= IN_FLIGHT) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  return totals;
}

function addTo(totals: ImportTotals, { counts, isWritten, isDryRun }: ImportAnswer): ImportTotals {
  const isLeftOut = !(isWritten || isDryRun);
  return {
    created: totals.created + (isLeftOut ? 0 : counts.created),
    unchanged: totals.unchanged + counts.unchanged,
    different: totals.different + counts.different,
    error: totals.error + counts.error,
    batchesLeftOut: totals.batchesLeftOut + (isLeftOut ? 1 : 0),
  };
}

function addProblems(
  { problems, kinds }: SendOptions,
  batch: Batch,
  { records }: ImportAnswer,
): void {
  for (const { record, line, devEui, outcome, code, detail, warnings } of records) {
    const index = batch.countOf === "records" ? record : line;
    const position = batch.positions[index - 1] ?? { record, line };
    const add = (kind: Problem["kind"], message: string): void => {
      if (kinds.includes(kind)) problems.add({ position, devEui, kind, code, message });
    };
    if (outcome === "error" || outcome === "different") add(outcome, detail ?? outcome);
    for (const warning of warnings ?? []) add("warning", warning);
  }
}
