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

export function refusedJoin(cause?: unknown): WarrenError {
  return new WarrenError("storage-failed", "the database refused to store a join", { cause });
}
