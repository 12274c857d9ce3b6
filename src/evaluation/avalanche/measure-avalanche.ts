import { ALL_SUITES, formatSuite, type Suite } from "../../root-key/suite.ts";
import { breathe } from "../breathe.ts";
import { KEY_STREAM_SOURCES } from "../key-streams/key-stream-sources.ts";
import type { EvaluationContext, Scale } from "../topic.ts";
import { runInWorkers } from "../workers/run-in-workers.ts";
import type { AvalancheResult, SuiteAvalanche } from "./avalanche-result.ts";
import { measureExpanders, measureExtractors } from "./dependence.ts";
import { samplePairs } from "./flips/bit-pairs.ts";
import { INPUT_BYTES } from "./flips/derivation-input.ts";
import { addFlipCounts, emptyFlipCounts, type FlipPlan } from "./flips/flip-counts.ts";
import type { countSuiteFlips } from "./flips/flip-worker.ts";
import { measureStream, type StreamStatistics } from "./streams/stream-statistics.ts";
import { summariseFlips } from "./suite-avalanche.ts";

interface Size {
  readonly trials: number;
  /** Of the octets of the context; of the keys every bit is flipped. */
  readonly bitsPerContextOctet: number;
  readonly pairs: number;
  readonly dependenceTrials: number;
  /** Pairs of keys of each stream. */
  readonly derivations: number;
}

const SIZES: Readonly<Record<Scale, Size>> = {
  full: {
    trials: 2000,
    bitsPerContextOctet: 8,
    pairs: 20_000,
    dependenceTrials: 4000,
    derivations: 100_000,
  },
  short: {
    trials: 32,
    bitsPerContextOctet: 1,
    pairs: 1000,
    dependenceTrials: 200,
    derivations: 1280,
  },
};
const BLOCK_TRIALS = 32;
const KEY_OCTETS = 32;

export async function measureAvalanche(context: EvaluationContext): Promise<AvalancheResult> {
  const { seed, scale } = context;
  const size = SIZES[scale];
  const inputBits = chooseInputBits(size.bitsPerContextOctet);
  const plan = { inputBits, pairs: samplePairs(seed, size.pairs, inputBits.length) };
  const suites: SuiteAvalanche[] = [];
  for (const suite of ALL_SUITES) {
    suites.push(await measureSuite(suite, plan, size.trials, context));
  }
  const { dependenceTrials } = size;
  const dependence = {
    seed,
    trials: dependenceTrials,
    breathe: () => breathe(context.signal),
  };
  context.progress.begin("Halves of what expanders and extractors are given", 2);
  const expanders = await measureExpanders(dependence);
  context.progress.advance(1);
  const extractors = await measureExtractors(dependence);
  context.progress.advance(1);
  return {
    seed,
    trials: size.trials,
    inputBits,
    suites,
    dependenceTrials,
    expanders,
    extractors,
    streams: await measureStreams(size.derivations, context),
  };
}

/** In octets of which not all bits are flipped another one is each time. */
function chooseInputBits(bitsPerContextOctet: number): number[] {
  return Array.from({ length: 8 * INPUT_BYTES }, (_, bit) => bit).filter((bit) => {
    const octet = bit >> 3;
    return octet < KEY_OCTETS || (bit + octet) % 8 < bitsPerContextOctet;
  });
}

async function measureSuite(
  suite: Suite,
  plan: FlipPlan,
  trials: number,
  { seed, workers, progress, signal }: EvaluationContext,
): Promise<SuiteAvalanche> {
  const tasks = Array.from({ length: Math.ceil(trials / BLOCK_TRIALS) }, (_, block) => ({
    suite,
    seed,
    block,
    plan,
    trials: Math.min(BLOCK_TRIALS, trials - block * BLOCK_TRIALS),
  }));
  progress.begin(`Avalanche of ${formatSuite(suite)}`, tasks.length);
  const script = new URL("./flips/flip-worker.ts", import.meta.url);
  const onResult = () => progress.advance(1);
  const blocks = await runInWorkers<typeof countSuiteFlips>({
    script,
    tasks,
    workers,
    signal,
    onResult,
  });
  const counts = emptyFlipCounts(plan);
  for (const block of blocks) addFlipCounts(counts, block);
  return summariseFlips(suite, plan, counts);
}

async function measureStreams(
  derivations: number,
  { seed, progress, signal }: EvaluationContext,
): Promise<StreamStatistics[]> {
  progress.begin("Octets of streams of keys", KEY_STREAM_SOURCES.length);
  const streams: StreamStatistics[] = [];
  for (const source of KEY_STREAM_SOURCES) {
    const pause = () => breathe(signal);
    streams.push(await measureStream(source, derivations, { seed, breathe: pause }));
    progress.advance(1);
  }
  return streams;
}
