import type { Topic } from "./topic.ts";

/** A topic that is loaded only when it is measured or told. */
export interface TopicEntry {
  readonly id: string;
  readonly load: () => Promise<Topic<unknown>>;
}

/** In the order of the report. Times are measured first, while nothing else has warmed the processor. */
export const TOPICS: readonly TopicEntry[] = [
  {
    id: "key-derivation-times",
    load: async () => (await import("./key-derivation-times/topic.ts")).keyDerivationTimes,
  },
  {
    id: "octet-distribution",
    load: async () => (await import("./octets/topic.ts")).octetDistribution,
  },
  {
    id: "randomness",
    load: async () => (await import("./randomness/topic.ts")).randomnessTests,
  },
  {
    id: "avalanche",
    load: async () => (await import("./avalanche/topic.ts")).avalanche,
  },
  {
    id: "attacks",
    load: async () => (await import("./attacks/topic.ts")).attacks,
  },
  {
    id: "air-cost",
    load: async () => (await import("./air-cost/topic.ts")).airCost,
  },
];
