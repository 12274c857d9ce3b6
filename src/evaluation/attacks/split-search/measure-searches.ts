import { rabbitBlock } from "../../../crypto/rabbit/rabbit.ts";
import { ALL_SUITES, formatSuite, type Suite } from "../../../root-key/suite.ts";
import { breathe } from "../../breathe.ts";
import { SeededRandom } from "../../random/seeded-random.ts";
import type { EvaluationContext, Scale } from "../../topic.ts";
import { type CapturedUpdate, captureUpdate } from "./captured-update.ts";
import { type Search, type SearchOutcome, searchHalves, searchWhole } from "./search-keys.ts";

/** A search of several updates of one suite with so many unknown bits. */
export interface SearchMeasurement {
  readonly suite: Suite;
  readonly name: string;
  readonly search: "halves" | "whole";
  /** Unknown bits in each half of the key derivation key. */
  readonly widthBits: number;
  readonly updates: number;
  /** In how many both new keys were found. */
  readonly found: number;
  /** Mean number of candidates until the end. */
  readonly meanCandidates: number;
  /** Of all updates together. */
  readonly durationMs: number;
}

interface SearchSize {
  readonly halves: readonly number[];
  readonly whole: readonly number[];
  readonly updates: number;
}

const SIZES: Readonly<Record<Scale, SearchSize>> = {
  full: { halves: [8, 10, 12, 14, 16], whole: [3, 4, 5, 6, 7, 8], updates: 6 },
  short: { halves: [4, 6, 8], whole: [2, 3, 4], updates: 2 },
};
/** Steps between two looks at what else is to be done. */
const STEPS_BETWEEN_BREATHS = 250;

export async function measureSearches(context: EvaluationContext): Promise<SearchMeasurement[]> {
  const { scale, progress } = context;
  const { halves, whole, updates } = SIZES[scale];
  const plans = ALL_SUITES.flatMap((suite) => [
    ...halves.map((widthBits) => ({ suite, search: "halves" as const, widthBits })),
    ...whole.map((widthBits) => ({ suite, search: "whole" as const, widthBits })),
  ]);
  progress.begin("Searches for the new keys", plans.length);
  const measurements: SearchMeasurement[] = [];
  for (const plan of plans) {
    measurements.push(await measureSearch(plan, updates, context));
    progress.advance(1);
  }
  return measurements;
}

/** How many times a second R keys Rabbit and takes a block, the one operation that a search cannot do without. */
export function measureKeyingsPerSecond(durationMs: number): number {
  const key = new Uint8Array(16);
  const startedAt = performance.now();
  let keyings = 0;
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    for (let index = 0; index < 1000; index++) key.set(rabbitBlock(key));
    keyings += 1000;
    elapsedMs = performance.now() - startedAt;
  }
  return (keyings / elapsedMs) * 1000;
}

async function measureSearch(
  plan: Pick<SearchMeasurement, "suite" | "search" | "widthBits">,
  updates: number,
  { seed, signal }: EvaluationContext,
): Promise<SearchMeasurement> {
  const { suite, search, widthBits } = plan;
  const run: (update: CapturedUpdate) => Search = search === "halves" ? searchHalves : searchWhole;
  // The same old keys and nonces for every suite and search.
  const random = new SeededRandom(seed, `updates with ${widthBits} unknown bits a half`);
  const outcomes: SearchOutcome[] = [];
  let durationMs = 0;
  for (let number = 0; number < updates; number++) {
    const update = captureUpdate(suite, widthBits, random);
    const startedAt = performance.now();
    outcomes.push(await finish(run(update), signal));
    durationMs += performance.now() - startedAt;
  }
  return {
    ...plan,
    name: formatSuite(suite),
    updates,
    found: outcomes.filter(({ isFound }) => isFound).length,
    meanCandidates: outcomes.reduce((sum, { candidates }) => sum + candidates, 0) / updates,
    durationMs,
  };
}

async function finish(search: Search, signal: AbortSignal): Promise<SearchOutcome> {
  for (let steps = 1; ; steps++) {
    const { done, value } = search.next();
    if (done) return value;
    if (steps % STEPS_BETWEEN_BREATHS === 0) await breathe(signal);
  }
}
