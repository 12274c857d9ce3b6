/** Of the rounds of one measurement, in nanoseconds a call. */
export interface TimeSummary {
  readonly medianNs: number;
  readonly lowerQuartileNs: number;
  readonly upperQuartileNs: number;
  readonly minimumNs: number;
}

/** @param samples at least one */
export function summarise(samples: readonly number[]): TimeSummary {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    medianNs: quantile(sorted, 0.5),
    lowerQuartileNs: quantile(sorted, 0.25),
    upperQuartileNs: quantile(sorted, 0.75),
    minimumNs: quantile(sorted, 0),
  };
}

/**
 * The value below which `share` of the samples lie, between two of them in proportion (definition 7 of
 * Hyndman and Fan 1996, the usual one).
 *
 * @param sorted ascending, at least one
 * @param share 0 to 1
 */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below] as number;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return lower + (position - below) * (upper - lower);
}

/**
 * Whether one is faster than the other by more than rounds differ from one another: `equal` when the
 * ranges from quartile to quartile have a value in common.
 */
export function compareTimes(a: TimeSummary, b: TimeSummary): "faster" | "slower" | "equal" {
  if (a.upperQuartileNs < b.lowerQuartileNs) return "faster";
  return a.lowerQuartileNs > b.upperQuartileNs ? "slower" : "equal";
}

/** @param values positive, at least one */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
