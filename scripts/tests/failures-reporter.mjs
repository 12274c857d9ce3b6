// A reporter of node:test, written for the runner and not for people: a line of JSON for each test that failed, and
// a last one once all have ended, without which the run is not to be believed. A file whose process ends with
// status 0 before any of its tests counts as a test that passed for node:test, and as one that failed here.
import { resolve } from "node:path";

const OF_ANOTHER = "subtestsFailed";

export default async function* failures(events) {
  for await (const { type, data } of events) {
    if (type === "test:pass" && data.file !== undefined && resolve(data.name) === data.file) {
      yield lineOf(data, "it ended before any test");
    }
    if (type !== "test:fail" || data.todo !== undefined || data.skip !== undefined) continue;
    const error = data.details?.error;
    if (error?.failureType === OF_ANOTHER) continue;
    const cause = error?.cause ?? error;
    const message = String(cause?.stack ?? cause?.message ?? cause);
    yield lineOf(data, message);
  }
  yield `${JSON.stringify({ hasEnded: true })}\n`;
}

function lineOf({ file, name }, message) {
  return `${JSON.stringify({ file, name, message })}\n`;
}
