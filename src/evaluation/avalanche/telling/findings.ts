import { formatSuite, Suite } from "../../../root-key/suite.ts";
import { formatNumber } from "../../report/format-number.ts";
import type { Finding } from "../../report/section.ts";
import type { AvalancheResult, SuiteAvalanche } from "../avalanche-result.ts";
import { INPUT_BYTES } from "../flips/derivation-input.ts";
import type { StreamStatistics } from "../streams/stream-statistics.ts";
import { mergeChanges, PART_GROUPS } from "./change-tables.ts";

/** Below it something is called seen; divided by how many are looked at. */
const SIGNIFICANCE = 0.001;
const HALF_KEY_BITS = 64;
const KEY_BITS = 128;

export function avalancheFindings(result: AvalancheResult): Finding[] {
  return [
    splitFinding(result),
    wholeFinding(result),
    blindFinding(result),
    ...streamFindings(result.streams),
  ];
}

/** Whether the cells without effect are those of the split and no others. */
function splitFinding({ suites, trials }: AvalancheResult): Finding {
  const split = suites.find(({ suite }) => suite === Suite.RabbitSplit) as SuiteAvalanche;
  const inSplit = split.keyBitFlips
    .slice(KEY_BITS + HALF_KEY_BITS)
    .flatMap((row) => row.slice(0, KEY_BITS));
  const without = inSplit.filter((count) => count === 0).length;
  const isWhole = without === inSplit.length && without === split.neverFlipped;
  return {
    outcome: isWhole ? "shown" : "refuted",
    claim:
      "In the paper's expander (suite 0) NwkKey' does not depend on the high half of the old AppKey.",
    evidence:
      `${formatNumber(without)} of the ${formatNumber(inSplit.length)} pairs of a bit of that half and a bit of NwkKey' ` +
      `had no effect in any of ${formatNumber(trials)} random inputs, and ` +
      `${formatNumber(split.neverFlipped - without)} of all other pairs of suite 0.`,
  };
}

function wholeFinding({ suites, trials, inputBits }: AvalancheResult): Finding {
  const others = suites.filter(({ suite }) => suite !== Suite.RabbitSplit);
  const pValues = others.flatMap(({ cells, pairs }) => [
    cells.pValue,
    cells.deviation.pValue,
    pairs.deviation.pValue,
  ]);
  const without = others.reduce((sum, { neverFlipped }) => sum + neverFlipped, 0);
  const level = SIGNIFICANCE / pValues.length;
  const isIdeal = without === 0 && Math.min(...pValues) >= level;
  const farthest = Math.max(...others.map(({ cells }) => cells.deviation.largest));
  const [correlations = 0] = others.map(({ pairs }) => pairs.pairs);
  const means = others.map(({ name, cells }) => `${name} ${cells.mean.toFixed(5)}`).join(", ");
  return {
    outcome: isIdeal ? "shown" : "refuted",
    claim:
      "In suites 1 to 3 every bit of both new keys changes with every flipped bit of the input half of the time, " +
      "each on its own, as far as so many random inputs can tell.",
    evidence:
      `${formatNumber(trials)} random inputs, ${formatNumber(inputBits.length)} of ${formatNumber(8 * INPUT_BYTES)} ` +
      `bits flipped in each; pairs of bits without effect: ${formatNumber(without)}; mean share of changes: ` +
      `${means}; the share that is farthest off one half is off by ` +
      `${formatNumber(farthest / (2 * Math.sqrt(trials)), 2)}. Independence is of ${formatNumber(correlations)} ` +
      `pairs of output bits, drawn at random. The least of ${pValues.length} p-values of strict avalanche and bit ` +
      `independence is ${formatNumber(Math.min(...pValues), 2)}; below ${formatNumber(level, 2)} it would count.`,
  };
}

/** The paper's function passes where bits are counted and nothing else. */
function blindFinding({ suites }: AvalancheResult): Finding {
  const split = suites.find(({ suite }) => suite === Suite.RabbitSplit) as SuiteAvalanche;
  const [group] = PART_GROUPS;
  const change = mergeChanges(split.parts.filter(({ part }) => group.contains(part)));
  const { flips, mean, standardDeviation, smallest, largest } = change;
  const deviations = (mean - KEY_BITS) / (8 / Math.sqrt(flips));
  return {
    outcome: Math.abs(deviations) < 4 ? "shown" : "refuted",
    claim: `Over NwkKey and context ${formatSuite(Suite.RabbitSplit)} changes half of the new keys' bits, as a good function does.`,
    evidence:
      `Mean ${mean.toFixed(2)} of 256 (ideal 128), standard deviation ${standardDeviation.toFixed(2)} (ideal 8), ` +
      `${smallest} to ${largest}, in ${formatNumber(flips)} flips: ${deviations.toFixed(1)} standard errors off. Yet its extractor can be extended ` +
      "and its padding is ambiguous, which the part on attacks shows: good avalanche says nothing of either.",
  };
}

function streamFindings(streams: readonly StreamStatistics[]): Finding[] {
  const ofSuites = streams.filter(({ kind }) => kind === "counter" || kind === "ratchet");
  const weak = streams.filter(({ kind }) => kind === "weak");
  const seen = weak.filter((stream) => isSeen(stream, weak.length));
  const missed = weak.filter((stream) => !seen.includes(stream));
  const suspicious = ofSuites.filter((stream) => isSeen(stream, ofSuites.length));
  const pValues = ofSuites.flatMap(pValuesOf);
  return [
    {
      outcome: suspicious.length === 0 ? "shown" : "refuted",
      claim: "Octets of the suites' keys are equally frequent and neighbours unrelated.",
      evidence:
        suspicious.length === 0
          ? `The least of ${pValues.length} p-values of ${ofSuites.length} streams is ` +
            `${formatNumber(Math.min(...pValues), 2)}; below ${formatNumber(SIGNIFICANCE / pValues.length, 2)} ` +
            `(${SIGNIFICANCE} for all together) it would count.`
          : `Seen in: ${namesOf(suspicious)}.`,
    },
    {
      outcome: missed.length === 0 ? "shown" : "refuted",
      claim: "Chi-squares of octets and serial correlation see every generator that is unusable.",
      evidence:
        `Seen: ${namesOf(seen)}. Not seen: ${namesOf(missed)}. A test of this kind can reject a generator, ` +
        "it cannot show that one is good.",
    },
  ];
}

function isSeen(stream: StreamStatistics, streams: number): boolean {
  const pValues = pValuesOf(stream);
  return Math.min(...pValues) < SIGNIFICANCE / (streams * pValues.length);
}

/** Both ends of the pooled chi-square count, as of the positions. */
function pValuesOf({ positionsPValue, pooled, serialPValue }: StreamStatistics): number[] {
  return [positionsPValue, 2 * Math.min(pooled.pValue, 1 - pooled.pValue), serialPValue];
}

function namesOf(streams: readonly StreamStatistics[]): string {
  return streams.length === 0 ? "none" : streams.map(({ label }) => label).join("; ");
}
