/** For how long a count holds: counting a million rows takes the database a moment. */
const COUNT_HOLDS_MS = 10_000;

/** Counts devices for the metrics, now and then; undefined while the database does not answer. */
export function deviceCount(count: () => Promise<number>): () => Promise<number | undefined> {
  let known: { readonly count: number; readonly at: number } | undefined;
  return async () => {
    const now = performance.now();
    if (known !== undefined && now - known.at < COUNT_HOLDS_MS) return known.count;
    try {
      known = { count: await count(), at: now };
      return known.count;
    } catch {
      return undefined;
    }
  };
}
