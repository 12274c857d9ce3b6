/** One thing to measure: `run` does it once. */
export interface BenchCase {
  readonly name: string;
  readonly run: () => unknown;
}

/** Nanoseconds per call over the rounds. */
export interface Measurement {
  readonly name: string;
  readonly medianNs: number;
  readonly minimumNs: number;
  readonly p90Ns: number;
  readonly rounds: number;
}

const ROUND_MS = 20;

/**
 * Measures cases in turn, round after round (A B C A B C ...), so that a machine which slows down or
 * speeds up meanwhile does so for all of them. Only ratios within one run mean anything.
 */
export function measureInterleaved(cases: readonly BenchCase[], rounds: number): Measurement[] {
  const iterations = cases.map(calibrate);
  const samples: number[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { run }] of cases.entries()) {
      samples[index]?.push(timePerCallNs(run, iterations[index] as number));
    }
  }
  return cases.map(({ name }, index) => summarise(name, samples[index] as number[]));
}

/** Median, minimum and 90th percentile of samples in nanoseconds. */
export function summarise(name: string, samples: readonly number[]): Measurement {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
  return {
    name,
    medianNs: at(0.5),
    minimumNs: at(0),
    p90Ns: at(0.9),
    rounds: sorted.length,
  };
}

/** How many calls fill a round, found after the code has been warmed up. */
function calibrate({ run }: BenchCase): number {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < 200) {
    run();
    calls++;
  }
  return Math.max(1, Math.round((calls / 200) * ROUND_MS));
}

function timePerCallNs(run: () => unknown, iterations: number): number {
  const start = process.hrtime.bigint();
  for (let index = 0; index < iterations; index++) run();
  return Number(process.hrtime.bigint() - start) / iterations;
}
