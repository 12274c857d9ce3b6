import { ALL_SUITES, formatSuite, Suite } from "../../root-key/suite.ts";
import { EXPANDER_READINGS, type Expander } from "../attacks/expanders/expander-readings.ts";
import { SUITE_EXPANDERS } from "../attacks/expanders/suite-expanders.ts";
import { SeededRandom } from "../random/seeded-random.ts";

const KEY_BYTES = 16;
const CONTEXT_BYTES = 96;

/** Mean numbers of bits, of 128 each, that change in the new keys. */
export interface KeyChange {
  readonly nwkKey: number;
  readonly appKey: number;
}

/**
 * What the new keys make of one changed bit in each half of what the expander is given. Null: the old
 * AppKey is no input of this expander, it went into the extractor.
 */
export interface ExpanderDependence {
  readonly expander: string;
  readonly kbLow: KeyChange | null;
  readonly kbHigh: KeyChange | null;
  readonly kdkLow: KeyChange;
  readonly kdkHigh: KeyChange;
}

/** Share of the bits of the key derivation key that change with one bit of an input. */
export interface ExtractorDependence {
  readonly extractor: string;
  readonly nwkKey: number;
  readonly appKey: number;
  readonly context: number;
}

/** How many random inputs, and how other work has its turn between them. */
export interface DependencePlan {
  readonly seed: string;
  /** For each row and each part of the input. */
  readonly trials: number;
  /** Called every few milliseconds. What it throws goes through. */
  readonly breathe: () => Promise<void>;
}

const TRIALS_AT_ONCE = 100;

/** All readings of the paper's expander and those of the suites; suite 0 is reading E1. */
export async function measureExpanders(plan: DependencePlan): Promise<ExpanderDependence[]> {
  const ofSuites = ALL_SUITES.filter((suite) => suite !== Suite.RabbitSplit).map((suite) => ({
    name: formatSuite(suite),
    takesKb: suite === Suite.Rabbit,
    ...SUITE_EXPANDERS[suite],
  }));
  const ofPaper = EXPANDER_READINGS.map((reading) => ({
    ...reading,
    takesKb: true,
    kdkBytes: KEY_BYTES,
  }));
  const rows: ExpanderDependence[] = [];
  for (const { name, takesKb, kdkBytes, expand } of [...ofPaper, ...ofSuites]) {
    const change = (half: Half) => meanChange(expand, half, kdkBytes, plan);
    rows.push({
      expander: name,
      kbLow: takesKb ? await change({ of: "kb", isHigh: false }) : null,
      kbHigh: takesKb ? await change({ of: "kb", isHigh: true }) : null,
      kdkLow: await change({ of: "kdk", isHigh: false }),
      kdkHigh: await change({ of: "kdk", isHigh: true }),
    });
  }
  return rows;
}

/** The three extractors: the suites' with Rabbit share one. */
export async function measureExtractors(plan: DependencePlan): Promise<ExtractorDependence[]> {
  const rows: ExtractorDependence[] = [];
  for (const suite of [Suite.Rabbit, Suite.AesCmac, Suite.HkdfSha256]) {
    rows.push({
      extractor: suite === Suite.Rabbit ? "Rabbit chain (suites 0 and 1)" : formatSuite(suite),
      nwkKey: await shareOfChange(suite, "nwkKey", plan),
      appKey: await shareOfChange(suite, "appKey", plan),
      context: await shareOfChange(suite, "context", plan),
    });
  }
  return rows;
}

async function shareOfChange(
  suite: Suite,
  part: "nwkKey" | "appKey" | "context",
  { seed, trials, breathe }: DependencePlan,
): Promise<number> {
  const { extract, kdkBytes } = SUITE_EXPANDERS[suite];
  const random = new SeededRandom(seed, "inputs of the extractors");
  let changed = 0;
  for (let trial = 0; trial < trials; trial++) {
    if (trial % TRIALS_AT_ONCE === 0) await breathe();
    const input = {
      nwkKey: random.bytes(KEY_BYTES),
      appKey: random.bytes(KEY_BYTES),
      context: random.bytes(CONTEXT_BYTES),
    };
    const before = extract(input);
    flipBit(input[part], random.uint32() % (8 * input[part].length));
    changed += changedBits(before, extract(input));
  }
  return changed / (trials * 8 * kdkBytes);
}

interface Half {
  readonly of: "kb" | "kdk";
  readonly isHigh: boolean;
}

async function meanChange(
  expand: Expander,
  half: Half,
  kdkBytes: number,
  { seed, trials, breathe }: DependencePlan,
): Promise<KeyChange> {
  const random = new SeededRandom(seed, "inputs of the expanders");
  const sum = { nwkKey: 0, appKey: 0 };
  for (let trial = 0; trial < trials; trial++) {
    if (trial % TRIALS_AT_ONCE === 0) await breathe();
    const kdk = random.bytes(kdkBytes);
    const kb = random.bytes(KEY_BYTES);
    const context = random.bytes(CONTEXT_BYTES);
    const before = expand(kdk, kb, context);
    const target = half.of === "kb" ? kb : kdk;
    const halfBits = 4 * target.length;
    flipBit(target, (half.isHigh ? halfBits : 0) + (random.uint32() % halfBits));
    const after = expand(kdk, kb, context);
    sum.nwkKey += changedBits(before.nwkKey, after.nwkKey);
    sum.appKey += changedBits(before.appKey, after.appKey);
  }
  return { nwkKey: sum.nwkKey / trials, appKey: sum.appKey / trials };
}

function flipBit(octets: Uint8Array, bit: number): void {
  octets[bit >> 3] = (octets[bit >> 3] as number) ^ (1 << (bit & 7));
}

function changedBits(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  a.forEach((octet, index) => {
    for (let rest = octet ^ (b[index] as number); rest > 0; rest &= rest - 1) count++;
  });
  return count;
}
