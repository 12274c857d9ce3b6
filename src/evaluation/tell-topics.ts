import { type EvaluationData, isMeasured, type TopicRecord } from "./data/evaluation-data.ts";
import { textOfFailure } from "./data/failure-text.ts";
import { checkSection } from "./report/check-section.ts";
import type { Section } from "./report/section.ts";
import type { TopicEntry } from "./topics.ts";

/** A topic as the report has it: with its section, or with why there is none. */
export interface ToldTopic {
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
  readonly section?: Section;
  readonly failure?: string;
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
  const usedIds = new Set<string>();
  for (const record of data.topics) {
    const { id, title, seconds } = record;
    try {
      if (!isMeasured(record)) {
        told.push({ id, title, seconds, failure: record.failure });
        continue;
      }
      const section = await describe(record, entries);
      checkSection(section, usedIds);
      told.push({ id, title, seconds, section });
    } catch (error) {
      onFailure(id, error);
      told.push({ id, title, seconds, failure: textOfFailure(error) });
    }
  }
  return told;
}

async function describe(
  record: TopicRecord & { readonly result: unknown },
  entries: readonly TopicEntry[],
): Promise<Section> {
  const entry = entries.find(({ id }) => id === record.id);
  if (entry === undefined) throw new Error("this version of Warren has no such topic");
  return (await entry.load()).describe(record.result);
}
