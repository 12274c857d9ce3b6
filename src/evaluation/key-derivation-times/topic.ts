import type { Topic } from "../topic.ts";
import { describeKeyDerivationTimes } from "./describe.ts";
import type { KeyDerivationTimes } from "./key-derivation-times.ts";
import { measureKeyDerivationTimes } from "./measure.ts";

/** The paper's Table 3, reproduced and extended. */
export const keyDerivationTimes: Topic<KeyDerivationTimes> = {
  id: "key-derivation-times",
  title: "Times of key derivation",
  measure: (context) => measureKeyDerivationTimes(context),
  describe: describeKeyDerivationTimes,
  tools: ({ compiler }): Record<string, string> =>
    compiler === null ? {} : { Compiler: compiler },
};
