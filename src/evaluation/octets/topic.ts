import type { Topic } from "../topic.ts";
import { describeOctetDistribution } from "./describe.ts";
import { measureOctetDistribution, type OctetDistributionResult } from "./measure.ts";

/** The paper's Figure 7, what it cannot see, and the tests that it lacks. */
export const octetDistribution: Topic<OctetDistributionResult> = {
  id: "octet-distribution",
  title: "Distribution of the octets of derived keys (Figure 7)",
  measure: measureOctetDistribution,
  describe: describeOctetDistribution,
};
