import type { Topic } from "../topic.ts";
import { describeAirCost } from "./describe.ts";
import { type AirCostResult, measureAirCost } from "./measure.ts";

/** Airtime, energy and battery of one update and of years of them. */
export const airCost: Topic<AirCostResult> = {
  id: "air-cost",
  title: "Cost on the air",
  measure: measureAirCost,
  describe: describeAirCost,
};
