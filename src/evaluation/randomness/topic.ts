import type { Topic } from "../topic.ts";
import { describeRandomness } from "./describe.ts";
import { measureRandomness, planOf } from "./measure.ts";
import type { RandomnessResult } from "./result.ts";

/** The fifteen tests of NIST SP 800-22 on derived keys, on weak ones and on a control. */
export const randomnessTests: Topic<RandomnessResult> = {
  id: "randomness",
  title: "Randomness of derived keys",
  measure: (context) => measureRandomness(planOf(context.scale), context),
  describe: describeRandomness,
};
