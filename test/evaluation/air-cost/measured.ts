import { type AirCostResult, measureAirCost } from "../../../src/evaluation/air-cost/measure.ts";

/** A whole run: it takes less than a second. */
export function measured(signal = new AbortController().signal): Promise<AirCostResult> {
  return measureAirCost({
    scale: "short",
    seed: "test",
    workers: 1,
    progress: { begin: () => undefined, advance: () => undefined },
    signal,
  });
}
