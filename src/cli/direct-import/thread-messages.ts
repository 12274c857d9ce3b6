import type { ParseOptions } from "../../device-files/device-record.ts";
import type { DeviceFormat } from "../../device-files/formats.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { ImportAnswer } from "../../server/join-server/import/schemas.ts";
import type { StorageSettings } from "../../storage/join-server/open-storage.ts";
import type { DataKey } from "../../vault/data-key-vault.ts";
import type { Problem } from "../client/import/problems.ts";
import type { Failure } from "../threads/failure.ts";
import type { PackedRecords } from "./packed-records.ts";

/** What a thread knows from its start. */
export interface ThreadSettings {
  readonly format: DeviceFormat;
  readonly parse: ParseOptions;
  readonly storage: StorageSettings;
  /** For the lock of the threads. */
  readonly lock: SharedArrayBuffer;
  /** `KeyObject`s go to another thread without showing their bytes. */
  readonly dataKeys: readonly DataKey[];
  /** The least minimum period that an update policy may have. */
  readonly shortestPeriodMs: number;
  readonly isDryRun: boolean;
  readonly skipsErrors: boolean;
}

/** Records to look through, or to import in one transaction. */
export interface Task {
  readonly kind: "check" | "import";
  readonly records: PackedRecords;
}

export interface CheckAnswer {
  readonly problems: readonly Problem[];
  /** For each record, in order; undefined for one with an error. */
  readonly devEuis: readonly (Eui64 | undefined)[];
}

export type ToThread =
  | { readonly kind: "task"; readonly id: number; readonly task: Task }
  | { readonly kind: "data-keys"; readonly dataKeys: readonly DataKey[] | Failure }
  | { readonly kind: "close" };

export type FromThread =
  | { readonly kind: "answer"; readonly id: number; readonly answer: CheckAnswer | ImportAnswer }
  | { readonly kind: "failed"; readonly id: number; readonly failure: Failure }
  | { readonly kind: "data-keys-wanted" };
