import type { Topic } from "./topic.ts";

/** A topic that is loaded only when it is measured or told. */
export interface TopicEntry {
  readonly id: string;
  readonly load: () => Promise<Topic<unknown>>;
}

/** In the order of the report. Times are measured first, while nothing else has warmed the processor. */
export const TOPICS: readonly TopicEntry[] = [
  {
    id: "air-cost",
    load: async () => (await import("./air-cost/topic.ts")).airCost,
  },
];
