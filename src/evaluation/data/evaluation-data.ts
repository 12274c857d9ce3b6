import type { Provenance } from "../provenance.ts";

/** Raised with every change that an older program could not read. */
export const FORMAT_VERSION = 1;

/** The content of `evaluation.json`: all that is needed to draw the report again. */
export interface EvaluationData {
  readonly format: "warren-evaluation";
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly provenance: Provenance;
  /** In the order of the report; a topic that has not been measured is missing. */
  readonly topics: readonly TopicRecord[];
}

export type TopicRecord = MeasuredTopic | FailedTopic;

interface TopicTimes {
  readonly id: string;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
}

export interface MeasuredTopic extends TopicTimes {
  /** What the topic's `measure` returned. */
  readonly result: unknown;
}

export interface FailedTopic extends TopicTimes {
  /** Why there is no result, without paths. */
  readonly failure: string;
}

export function isMeasured(record: TopicRecord): record is MeasuredTopic {
  return !("failure" in record);
}
