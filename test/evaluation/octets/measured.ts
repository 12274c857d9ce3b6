import {
  measureOctetDistribution,
  type OctetDistributionResult,
} from "../../../src/evaluation/octets/measure.ts";

/** A short run: a second or so. */
export function measured(): Promise<OctetDistributionResult> {
  return measureOctetDistribution({
    scale: "short",
    seed: "test",
    workers: 1,
    progress: { begin: () => undefined, advance: () => undefined },
    signal: new AbortController().signal,
  });
}
