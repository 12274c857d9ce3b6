// A reporter of node:test: one line of JSON for each test that failed, written for the runner, not for people.
const NOT_ITS_OWN = new Set(["subtestsFailed"]);

export default async function* failures(events) {
  for await (const { type, data } of events) {
    if (type !== "test:fail" || data.todo !== undefined || data.skip !== undefined) continue;
    const error = data.details?.error;
    if (NOT_ITS_OWN.has(error?.failureType)) continue;
    const cause = error?.cause ?? error;
    yield `${JSON.stringify({
      file: data.file,
      name: data.name,
      message: String(cause?.stack ?? cause?.message ?? cause),
    })}\n`;
  }
}
