import { formatSuite, Suite } from "../../../root-key/suite.ts";
import { formatNumber } from "../../report/format-number.ts";
import type { Finding } from "../../report/section.ts";
import type { AvalancheResult, SuiteAvalanche } from "../avalanche-result.ts";
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
function splitFinding({ suites }: AvalancheResult): Finding {
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
      `had no effect in any trial, and ${formatNumber(split.neverFlipped - without)} of all other pairs of suite 0.`,
  };
}

function wholeFinding({ suites, trials }: AvalancheResult): Finding {
  const others = suites.filter(({ suite }) => suite !== Suite.RabbitSplit);
  const pValues = others.flatMap(({ cells, pairs }) => [
    cells.pValue,
    cells.deviation.pValue,
    pairs.deviation.pValue,
  ]);
  const without = others.reduce((sum, { neverFlipped }) => sum + neverFlipped, 0);
  const isIdeal = without === 0 && Math.min(...pValues) >= SIGNIFICANCE / pValues.length;
  const means = others.map(({ name, cells }) => `${name} ${cells.mean.toFixed(5)}`).join(", ");
  return {
    outcome: isIdeal ? "shown" : "refuted",
    claim:
      "In suites 1 to 3 every bit of both new keys changes with every bit of the input half of the time, each " +
      "on its own.",
    evidence:
      `${formatNumber(trials)} random inputs; pairs of bits without effect: ${formatNumber(without)}; mean share of changes: ` +
      `${means}; least p-value of ${pValues.length} tests of strict avalanche and bit independence: ` +
      `${formatNumber(Math.min(...pValues), 2)}.`,
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
    claim: `Counting changed bits finds no fault in ${formatSuite(Suite.RabbitSplit)} over NwkKey and context.`,
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
  return [
    {
      outcome: suspicious.length === 0 ? "shown" : "refuted",
      claim: "Octets of the suites' keys are equally frequent and neighbours unrelated.",
      evidence:
        suspicious.length === 0
          ? `No p-value of ${ofSuites.length} streams is below ${SIGNIFICANCE} for all of them; the least is ${formatNumber(
              Math.min(...ofSuites.flatMap(pValuesOf)),
              2,
            )}.`
          : `Seen in: ${namesOf(suspicious)}.`,
    },
    {
      outcome: missed.length === 0 ? "shown" : "refuted",
      claim: "These two tests would see a generator that is unusable.",
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
