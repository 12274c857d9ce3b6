// A reporter of node:test, written for the runner and not for people: a line of JSON for each test that failed, and
// a last one once all have ended, without which the run is not to be believed.
const OF_ANOTHER = "subtestsFailed";

export default async function* failures(events) {
  for await (const { type, data } of events) {
    if (type !== "test:fail" || data.todo !== undefined || data.skip !== undefined) continue;
    const error = data.details?.error;
    if (error?.failureType === OF_ANOTHER) continue;
    const cause = error?.cause ?? error;
    const message = String(cause?.stack ?? cause?.message ?? cause);
    yield `${JSON.stringify({ file: data.file, name: data.name, message })}\n`;
  }
  yield `${JSON.stringify({ hasEnded: true })}\n`;
}
