import type { TopicRecord } from "./data/evaluation-data.ts";
import { textOfFailure } from "./data/failure-text.ts";
import type { EvaluationContext, Topic } from "./topic.ts";
import type { TopicEntry } from "./topics.ts";

export interface EvaluationListener {
  /** A topic begins, as one of so many. */
  onTopic(title: string, position: number, count: number): void;
  /** A topic is done or has failed. */
  onRecord(record: TopicRecord): void;
  /** The same failure as it was thrown. */
  onFailure(id: string, error: unknown): void;
}

/**
 * Measures topics one after another, each alone on the machine. One that fails does not keep the others
 * from being measured: its record says why.
 *
 * @throws whatever `context.signal` was ended with; what was told to `listener.onRecord` until then is whole
 */
export async function measureTopics(
  entries: readonly TopicEntry[],
  context: EvaluationContext,
  listener: EvaluationListener,
): Promise<void> {
  for (const [index, entry] of entries.entries()) {
    context.signal.throwIfAborted();
    const startedAt = Date.now();
    const start = performance.now();
    let title = entry.id;
    let record: TopicRecord;
    const times = () => ({
      id: entry.id,
      title,
      startedAt: new Date(startedAt).toISOString(),
      seconds: (performance.now() - start) / 1000,
    });
    try {
      const topic = await entry.load();
      title = topic.title;
      listener.onTopic(title, index + 1, entries.length);
      const result = await measureAsJson(topic, context);
      record = { ...times(), result };
    } catch (error) {
      // Whatever breaks when work is ended is a consequence of that.
      context.signal.throwIfAborted();
      listener.onFailure(entry.id, error);
      record = { ...times(), failure: textOfFailure(error) };
    }
    // Outside: a result that cannot be kept is no failure of its topic.
    listener.onRecord(record);
  }
}

/** The result as the data file will have it, so that a report drawn now and one drawn later are the same. */
async function measureAsJson(topic: Topic<unknown>, context: EvaluationContext): Promise<unknown> {
  const result = await topic.measure(context);
  return JSON.parse(JSON.stringify(result));
}
