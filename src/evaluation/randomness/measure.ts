import type { KeyStreamSource } from "../key-streams/key-stream.ts";
import { KEY_STREAM_SOURCES } from "../key-streams/key-stream-sources.ts";
import { RANDOMNESS_TESTS } from "../sp800-22/tests.ts";
import type { EvaluationContext, Scale } from "../topic.ts";
import { runInWorkers } from "../workers/run-in-workers.ts";
import { ALPHA } from "./analysis/proportion.ts";
import { countInBins } from "./analysis/uniformity.ts";
import type { RandomnessResult, RowResult, SetResult } from "./result.ts";
import type { TestSequence } from "./sequence-worker.ts";

export interface RandomnessPlan {
  /** Of each set. */
  readonly sequences: number;
  readonly lengthBits: number;
  readonly sources: readonly KeyStreamSource[];
}

/** The short one has a source of each kind and as much as a test has time for; most of it tells nothing. */
const SHORT_SOURCES = ["rabbit-split-counter", "rabbit-ratchet", "weyl", "aes-ctr"];

export function planOf(scale: Scale): RandomnessPlan {
  return scale === "full"
    ? { sequences: 100, lengthBits: 1_000_000, sources: KEY_STREAM_SOURCES }
    : {
        sequences: 3,
        lengthBits: 100_000,
        sources: KEY_STREAM_SOURCES.filter(({ id }) => SHORT_SOURCES.includes(id)),
      };
}

/** Makes and tests every sequence of the plan in worker threads, a sequence a task. */
export async function measureRandomness(
  plan: RandomnessPlan,
  { seed, workers, progress, signal }: EvaluationContext,
): Promise<RandomnessResult> {
  const { sequences, lengthBits, sources } = plan;
  const tasks = sources.flatMap(({ id }) =>
    Array.from({ length: sequences }, (_, sequence) => ({
      source: id,
      seed,
      sequence,
      lengthBits,
    })),
  );
  progress.begin(`SP 800-22: sequences of ${lengthBits} bits`, tasks.length);
  const pValues = await runInWorkers<TestSequence>({
    script: new URL("./sequence-worker.ts", import.meta.url),
    tasks,
    workers,
    signal,
    onResult: () => progress.advance(1),
  });
  const sets = sources.map((source, index) =>
    summariseSet(source, pValues.slice(index * sequences, (index + 1) * sequences)),
  );
  return { seed, lengthBits, sequences, sets };
}

/** @param pValues of each sequence, as `testSequence` returns them */
export function summariseSet(
  { id, label, kind, description }: KeyStreamSource,
  pValues: readonly (readonly (number | null)[])[],
): SetResult {
  const names = RANDOMNESS_TESTS.flatMap((test) =>
    test.variants.map((variant) => ({ test: test.id, variant })),
  );
  const rows = names.map((name, row): RowResult => {
    const ofRow = pValues.map((ofSequence) => ofSequence[row] ?? null).filter((p) => p !== null);
    return {
      ...name,
      applied: ofRow.length,
      passed: ofRow.filter((p) => p >= ALPHA).length,
      bins: countInBins(ofRow),
    };
  });
  return { source: id, label, kind, description, rows };
}
