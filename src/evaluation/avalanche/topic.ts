import type { Topic } from "../topic.ts";
import type { AvalancheResult } from "./avalanche-result.ts";
import { describeAvalanche } from "./describe-avalanche.ts";
import { measureAvalanche } from "./measure-avalanche.ts";

export const avalanche: Topic<AvalancheResult> = {
  id: "avalanche",
  title: "Avalanche and independence",
  measure: measureAvalanche,
  describe: describeAvalanche,
};
