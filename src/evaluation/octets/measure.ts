import { breathe } from "../breathe.ts";
import type { KeyStreamKind, KeyStreamSource } from "../key-streams/key-stream.ts";
import { KEY_STREAM_SOURCES } from "../key-streams/key-stream-sources.ts";
import type { EvaluationContext, Scale } from "../topic.ts";
import type { OctetStatistics } from "./octet-statistics.ts";
import { OctetTally } from "./octet-tally.ts";

/** Keys of one kind from one source. */
export interface OctetSeries {
  /** Of the key stream. */
  readonly source: string;
  readonly label: string;
  readonly kind: KeyStreamKind;
  /** Which of the two new root keys; null where a source has but one kind of key. */
  readonly key: "NwkKey'" | "AppKey'" | null;
  /** For the first keys, and for more and more of the same stream. */
  readonly samples: readonly OctetStatistics[];
}

export interface OctetDistributionResult {
  readonly series: readonly OctetSeries[];
}

/** As many keys as the paper has. */
const PAPER_KEYS = 1_000;
const MANY_KEYS = 100_000;
/** Twice as many keys as the period of the linear congruential generator has. */
const MOST_KEYS = 2 ** 21;
/** Whose keys cost so little that there can be most of them. */
const CHEAP_SOURCES: readonly string[] = ["rabbit-counter"];
const CHEAP_KINDS: readonly KeyStreamKind[] = ["weak", "control"];
/** Some tens of milliseconds of work. */
const KEYS_AT_ONCE = 500;

export async function measureOctetDistribution(
  context: EvaluationContext,
): Promise<OctetDistributionResult> {
  const works = KEY_STREAM_SOURCES.map((source) => ({
    source,
    sizes: sampleSizes(source, context.scale),
  }));
  const steps = works.reduce((sum, { sizes }) => sum + (sizes.at(-1) as number), 0);
  context.progress.begin("Distribution of octets", steps);
  const series: OctetSeries[] = [];
  for (const { source, sizes } of works) {
    series.push(...(await measureSource(source, sizes, context)));
  }
  return { series };
}

function sampleSizes({ id, kind }: KeyStreamSource, scale: Scale): readonly number[] {
  if (scale === "short") return [PAPER_KEYS];
  const isCheap = CHEAP_SOURCES.includes(id) || CHEAP_KINDS.includes(kind);
  return isCheap ? [PAPER_KEYS, MANY_KEYS, MOST_KEYS] : [PAPER_KEYS, MANY_KEYS];
}

async function measureSource(
  source: KeyStreamSource,
  sizes: readonly number[],
  { seed, progress, signal }: EvaluationContext,
): Promise<OctetSeries[]> {
  const stream = source.open({ seed });
  const keys = source.suite === undefined ? [null] : (["NwkKey'", "AppKey'"] as const);
  const tallies = keys.map((key) => ({
    key,
    tally: new OctetTally(),
    samples: [] as OctetStatistics[],
  }));
  let done = 0;
  for (const size of sizes) {
    while (done < size) {
      const count = Math.min(KEYS_AT_ONCE, size - done);
      // A stream of a suite gives NwkKey' and AppKey' in turn.
      for (let index = 0; index < count; index++) {
        for (const { tally } of tallies) tally.add(stream.next());
      }
      done += count;
      progress.advance(count);
      await breathe(signal);
    }
    for (const { tally, samples } of tallies) samples.push(tally.statistics());
  }
  const { id, label, kind } = source;
  return tallies.map(({ key, samples }) => ({ source: id, label, kind, key, samples }));
}
