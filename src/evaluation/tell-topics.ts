import { type EvaluationData, isMeasured } from "./data/evaluation-data.ts";
import { textOfFailure } from "./data/failure-text.ts";
import { checkSection } from "./report/check-section.ts";
import type { Section } from "./report/section.ts";
import type { Topic } from "./topic.ts";
import type { TopicEntry } from "./topics.ts";

/** A topic as the report has it: with its section, or with why there is none. */
export interface ToldTopic {
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
  readonly section?: Section;
  readonly failure?: string;
  /** What it used besides what every topic runs on, by kind. */
  readonly tools?: Readonly<Record<string, string>>;
}

/**
 * Describes what was measured.
 *
 * @param onFailure is told what a topic's `describe` threw; the report then has the reason for a section
 */
export async function tellTopics(
  data: EvaluationData,
  entries: readonly TopicEntry[],
  onFailure: (id: string, error: unknown) => void,
): Promise<ToldTopic[]> {
  const told: ToldTopic[] = [];
  const usedIds = new Set(data.topics.map(({ id }) => id));
  for (const record of data.topics) {
    const { id, title, seconds } = record;
    try {
      if (!isMeasured(record)) {
        told.push({ id, title, seconds, failure: record.failure });
        continue;
      }
      const topic = await topicOf(id, entries);
      const section = topic.describe(record.result);
      checkSection(section, usedIds);
      told.push({ id, title, seconds, section, tools: topic.tools?.(record.result) ?? {} });
    } catch (error) {
      onFailure(id, error);
      told.push({ id, title, seconds, failure: textOfFailure(error) });
    }
  }
  return told;
}

async function topicOf(id: string, entries: readonly TopicEntry[]): Promise<Topic<unknown>> {
  const entry = entries.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new Error("this version of Warren has no such topic");
  return await entry.load();
}
