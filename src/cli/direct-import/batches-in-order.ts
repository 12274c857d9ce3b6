import type { RawRecord } from "../../device-files/parser/raw-records.ts";

/** Records of one transaction: joins wait while it is made. */
const BATCH_RECORDS = 500;
/** Of the text of a batch, so that long records do not fill the memory. */
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** The records in batches of a size, until there are no more or they are not wanted any more. */
export async function* inBatches(
  records: AsyncIterable<RawRecord[]>,
  signal: AbortSignal,
): AsyncGenerator<RawRecord[]> {
  let batch: RawRecord[] = [];
  let characters = 0;
  for await (const some of records) {
    for (const record of some) {
      batch.push(record);
      characters += "text" in record ? record.text.length : 0;
      if (batch.length < BATCH_RECORDS && characters < BATCH_CHARACTERS) continue;
      if (signal.aborted) return;
      yield batch;
      [batch, characters] = [[], 0];
    }
  }
  if (batch.length > 0 && !signal.aborted) yield batch;
}

/**
 * Does the work of several items at once and yields what it gives in the order of the items. After an error
 * it takes no more items; it throws when those under way are done.
 *
 * @param atOnce items, 1 or more
 */
export async function* mapInOrder<T, R>(
  items: AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // Its failure is seen when its turn comes.
      result.catch(() => undefined);
      underWay.push(result);
      if (underWay.length >= atOnce) yield await (underWay.shift() as Promise<R>);
    }
    while (underWay.length > 0) yield await (underWay.shift() as Promise<R>);
  } finally {
    await Promise.allSettled(underWay);
  }
}
