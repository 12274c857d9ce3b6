import { workerData } from "node:worker_threads";
import { DERIVED_BYTES, deriveRecords } from "../../../root-key/derivation/derive-records.ts";
import type { ThreadData } from "./derive-on-threads.ts";

/** Some milliseconds of work. */
const RANGE_RECORDS = 8192;

const { input, keys, count, next } = workerData as ThreadData;
const recordBytes = input.records.length / count;

for (let start = take(); start < count; start = take()) {
  const end = Math.min(count, start + RANGE_RECORDS);
  const records = input.records.subarray(start * recordBytes, end * recordBytes);
  deriveRecords({ ...input, records }, keys.subarray(start * DERIVED_BYTES, end * DERIVED_BYTES));
}

function take(): number {
  return Atomics.add(next, 0, RANGE_RECORDS);
}
