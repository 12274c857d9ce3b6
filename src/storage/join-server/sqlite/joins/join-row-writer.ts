import { WarrenError } from "../../../../errors.ts";
import type { JoinRow } from "../../join-row.ts";
import type { JoinOutcome } from "./join-row.ts";

/** Has joins written, those that come together in one transaction. */
export interface JoinRowWriter {
  /** Resolves once the row is on disk, or is not to be. @throws WarrenError `storage-failed` */
  write(row: JoinRow): Promise<JoinOutcome>;
  /** After what was given to it is written. */
  close(): Promise<void>;
}

/** A row whose outcome somebody waits for. */
export interface WaitingJoin {
  readonly row: JoinRow;
  readonly outcome: PromiseWithResolvers<JoinOutcome>;
}

/** @param outcomes of the rows, in their order; undefined for one that the database refused */
export function settleJoins(
  waiting: readonly WaitingJoin[],
  outcomes: readonly (JoinOutcome | undefined)[],
): void {
  for (const [index, { outcome }] of waiting.entries()) {
    const known = outcomes[index];
    if (known === undefined) outcome.reject(refusedJoin());
    else outcome.resolve(known);
  }
}

export function refusedJoin(cause?: unknown): WarrenError {
  return new WarrenError("storage-failed", "the database refused to store a join", { cause });
}
