import { isRecordError, type ParsedRecord } from "../../../device-files/device-record.ts";
import { findKeyWeaknesses } from "../../../join-server/weak-keys/find-key-weaknesses.ts";
import type { Problem } from "./problems.ts";

/** What is to be said of a record before anything is imported. */
export function problemsOf(record: ParsedRecord): Problem[] {
  const { position } = record;
  if (isRecordError(record)) {
    const { devEui, code, message } = record;
    return [{ position, devEui, kind: "error", code, message }];
  }
  const { device, warnings } = record;
  const { nwkKey, appKey = nwkKey } = device.rootKeys;
  const weak = findKeyWeaknesses(device, { nwkKey, appKey }).map(
    ({ key, weakness }) => `its ${key} is weak: ${weakness}`,
  );
  return [...warnings, ...weak].map((message) => ({
    position,
    devEui: device.devEui,
    kind: "warning",
    code: undefined,
    message,
  }));
}
