import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import {
  countRecords,
  DERIVED_BYTES,
  type DerivationRecords,
} from "../../../root-key/derivation/derive-records.ts";

/** What the threads share: they take ranges of records in turn, so that a slow core holds nobody up. */
export interface ThreadData {
  readonly input: DerivationRecords;
  readonly keys: Uint8Array;
  readonly count: number;
  /** The first record that nobody has taken. */
  readonly next: Int32Array;
}

export interface DeriveOnThreadsInput extends DerivationRecords {
  /** In a `SharedArrayBuffer`: no thread gets a copy of the old keys. */
  readonly records: Uint8Array<SharedArrayBuffer>;
  /** Default: as many as there are processors. */
  readonly threads?: number;
}

/**
 * `deriveRecords` on every processor. Worth its start of some tens of milliseconds from about 100,000
 * records on; a device's own update is derived when the device answers, by `deriveCandidateKeys`.
 *
 * @returns for each record the new NwkKey and the new AppKey; the caller wipes them, and the records
 * @throws WarrenError `value-out-of-range` for records that are not whole
 */
export async function deriveOnThreads({
  threads = availableParallelism(),
  ...input
}: DeriveOnThreadsInput): Promise<Uint8Array<SharedArrayBuffer>> {
  const count = countRecords(input);
  const keys = new Uint8Array(new SharedArrayBuffer(count * DERIVED_BYTES));
  const next = new Int32Array(new SharedArrayBuffer(4));
  const workerData: ThreadData = { input, keys, count, next };
  const url = new URL("derive-worker.ts", import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(url, { workerData }));
  try {
    // `once` throws what a worker threw.
    await Promise.all(workers.map((worker) => once(worker, "exit")));
  } catch (error) {
    keys.fill(0);
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw error;
  }
  return keys;
}
