import type { JoinRow } from "../../join-row.ts";
import type { JoinOutcome } from "./join-row.ts";

/** How the thread that writes joins is started. */
export interface JoinThreadSettings {
  readonly path: string;
  /** Of the `ThreadLock` of all threads that write to the file. */
  readonly lock: SharedArrayBuffer;
}

/** Rows of one sender; their outcomes come in one message, and messages in the order of the rows. */
export type ToJoinThread =
  | { readonly kind: "rows"; readonly rows: readonly JoinRow[] }
  | { readonly kind: "close" };

/** `undefined`: the database refused, and nothing of it is stored. */
export type FromJoinThread = readonly (JoinOutcome | undefined)[];
