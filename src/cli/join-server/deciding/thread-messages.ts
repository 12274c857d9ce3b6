import type { AnsweredJoin, JoinTask } from "../../../join-server/joins/joins.ts";
import type { StorageSettings } from "../../../storage/join-server/open-storage.ts";
import type { DataKey } from "../../../vault/data-key-vault.ts";
import type { Failure } from "../../threads/failure.ts";

/** What a thread that decides joins knows from its start. */
export interface ThreadSettings {
  readonly storage: StorageSettings;
  /** For the lock of all threads that write to a SQLite file. */
  readonly lock: SharedArrayBuffer;
  /** `KeyObject`s go to another thread without showing their bytes. */
  readonly dataKeys: readonly DataKey[];
  /** Devices that this thread keeps in memory. */
  readonly cachedDevices: number;
}

export interface NumberedTask {
  readonly id: number;
  readonly task: JoinTask;
}

export type NumberedAnswer =
  | { readonly id: number; readonly answered: AnsweredJoin }
  | { readonly id: number; readonly failure: Failure };

/** What a thread has done since it last said so. */
export interface ThreadCounts {
  readonly took: readonly (readonly [operation: string, seconds: number])[];
  readonly failed: readonly (readonly [operation: string, code: string])[];
  readonly hits: number;
  readonly misses: number;
}

export type ToThread =
  | { readonly kind: "tasks"; readonly tasks: readonly NumberedTask[] }
  | { readonly kind: "data-keys"; readonly dataKeys: readonly DataKey[] | Failure }
  | { readonly kind: "close" };

export type FromThread =
  | { readonly kind: "ready" }
  | {
      readonly kind: "answers";
      readonly answers: readonly NumberedAnswer[];
      readonly counts: ThreadCounts;
    }
  | { readonly kind: "data-keys-wanted" }
  | { readonly kind: "warning"; readonly fields: object; readonly message: string | undefined };
