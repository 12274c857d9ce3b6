import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeOctetDistribution } from "../../../src/evaluation/octets/describe.ts";
import { octetFindings } from "../../../src/evaluation/octets/findings.ts";
import type { OctetSeries } from "../../../src/evaluation/octets/measure.ts";
import type { OctetStatistics } from "../../../src/evaluation/octets/octet-statistics.ts";
import { OctetTally } from "../../../src/evaluation/octets/octet-tally.ts";
import { verdictsOf } from "../../../src/evaluation/octets/verdicts.ts";
import { SeededRandom } from "../../../src/evaluation/random/seeded-random.ts";
import { checkSection } from "../../../src/evaluation/report/check-section.ts";
import { measured } from "./measured.ts";

const result = await measured();
const GOOD = statisticsOf((random) => random.bytes(16));
const UNEVEN = statisticsOf((random) => random.bytes(16).map((octet) => octet & 0xfe));
/** 16 sets of all values, so each value is exactly as frequent as all others. */
const TOO_EVEN = statisticsOf((_, index) => new Uint8Array(16).fill(index % 256), 4_096);
const REPEATED = statisticsOf((random, index) =>
  index === 7 ? new Uint8Array(16) : random.bytes(16).fill(0, 0, index === 8 ? 16 : 0),
);

function statisticsOf(
  key: (random: SeededRandom, index: number) => Uint8Array,
  keys = 1_000,
): OctetStatistics {
  const random = new SeededRandom("test", "made-up keys");
  const tally = new OctetTally();
  for (let index = 0; index < keys; index++) tally.add(key(random, index));
  return tally.statistics();
}

/** The series of the run with other samples. */
function withSamples(sampleOf: (series: OctetSeries) => OctetStatistics): OctetSeries[] {
  return result.series.map((series) => ({ ...series, samples: [sampleOf(series)] }));
}

function findingOf(words: string, series: readonly OctetSeries[]) {
  const finding = octetFindings(series).find(({ claim }) => claim.includes(words));
  assert.ok(finding !== undefined);
  return finding;
}

describe("what is told of octets", () => {
  it("is a section that a report can have, also after a way through JSON", () => {
    const section = describeOctetDistribution(JSON.parse(JSON.stringify(result)));
    checkSection(section, new Set());
    for (const block of section.blocks) {
      if (block.kind !== "figure") continue;
      for (const { svg } of block.figure.drawings) assert.match(svg, /<svg /);
    }
  });

  it("is that the suites are uniform, unless one is not", () => {
    const words = "close to a uniform distribution";
    assert.equal(findingOf(words, result.series).outcome, "reproduced");
    const skewed = statisticsOf((random) => random.bytes(16).map((octet) => octet >> 1));
    const bad = withSamples(({ source }) => (source === "rabbit-counter" ? skewed : GOOD));
    assert.equal(findingOf(words, bad).outcome, "not-reproduced");
    assert.match(findingOf(words, bad).evidence, /not uniform: rabbit, counter: NwkKey'/);
  });

  it("is that the figure guarantees nothing, unless it shows every weak generator", () => {
    const words = "is guaranteed";
    assert.equal(findingOf(words, result.series).outcome, "not-reproduced");
    const { evidence } = findingOf(words, result.series);
    assert.match(evidence, /^4 of 4 generators/);
    assert.match(evidence, /i × odd constant \([^)]*more even than chance/);
    assert.equal(evidence.split("more even").length, 2, evidence);
    const skewed = statisticsOf((random) => random.bytes(16).map((octet) => octet >> 1));
    const seen = withSamples(({ kind }) => (kind === "weak" ? skewed : GOOD));
    assert.equal(findingOf(words, seen).outcome, "reproduced");
  });

  it("is that uniform octets may give one another away, if a generator of the run shows it", () => {
    const words = "less correlation";
    assert.equal(findingOf(words, result.series).outcome, "not-reproduced");
    assert.match(
      findingOf(words, result.series).evidence,
      /^Each octet of 8-bit keys is as uniform, yet all sixteen together have 2\d\d values in 1000 keys/,
    );
    assert.equal(
      findingOf(
        words,
        withSamples(() => GOOD),
      ).outcome,
      "undecidable",
    );
  });

  it("has claims and evidence that end with a full stop", () => {
    for (const { claim, evidence } of octetFindings(result.series)) {
      assert.match(claim, /[^.]\.$/);
      assert.match(evidence, /[^.]\.$/);
    }
  });

  it("draws Figure 7 for every number of keys that all series have", () => {
    const more = statisticsOf((random) => random.bytes(16), 2_000);
    const most = statisticsOf((random) => random.bytes(16), 3_000);
    const series = result.series.map((one) => ({
      ...one,
      samples: [...one.samples, more, ...(one.kind === "weak" ? [most] : [])],
    }));
    const { blocks, findings } = describeOctetDistribution({ series });
    const titlesOf = (id: string) =>
      blocks.flatMap((block) =>
        block.kind === "figure" && block.figure.id === id
          ? block.figure.drawings.map(({ title }) => title)
          : [],
      );
    assert.deepEqual(titlesOf("figure-7a"), ["1000 keys", "2000 keys"]);
    assert.deepEqual(titlesOf("figure-7b-keys"), ["1000 keys", "2000 keys"]);
    assert.deepEqual(titlesOf("figure-7b"), [
      "Standard deviation of each octet, 1000 keys",
      "Mean of each octet, 1000 keys",
      "Standard deviation of each octet, 2000 keys",
      "Mean of each octet, 2000 keys",
    ]);
    assert.match(
      findings[0]?.evidence ?? "",
      /standard errors off, and [\d.]+ with up to 2000 keys\.$/,
    );
  });

  it("is that more keys are not uniform, if the first 1,000 are and they are not", () => {
    const skewed = statisticsOf((random) => random.bytes(16).map((octet) => octet >> 1), 2_000);
    const series = result.series.map((one) =>
      one.source === "rabbit-counter" ? { ...one, samples: [...one.samples, skewed] } : one,
    );
    assert.equal(findingOf("close to a uniform", series).outcome, "not-reproduced");
  });

  it("calls no random keys wrong that are as far off as one in a few hundred is", () => {
    // Found by trying 600: a standard deviation 4.7 standard errors off, and a density 4.5.
    for (const which of [118, 302]) {
      const random = new SeededRandom("test", `figure ${which}`);
      const tally = new OctetTally();
      for (let index = 0; index < 1_000; index++) tally.add(random.bytes(16));
      assert.equal(verdictsOf(tally.statistics()).looksUniform, true);
    }
  });

  it("names what chi-squares and repeats find and what they miss", () => {
    const chiSquare = findingOf("A chi-square test", result.series);
    assert.equal(chiSquare.outcome, "refuted");
    assert.match(chiSquare.evidence, /^It finds i × odd constant from 1000 keys on\./);
    const repeats = findingOf("Counting how many keys", result.series);
    assert.equal(repeats.outcome, "refuted");
    assert.match(repeats.evidence, /^It finds 8-bit keys from 1000 keys on\./);
    const unseen = findingOf("Keys that anybody can find", result.series);
    assert.equal(unseen.outcome, "shown");
    assert.match(unseen.evidence, /miss 8-bit seed; ANSI C LCG\.$/);
    const all = withSamples(({ kind }) => (kind === "weak" ? UNEVEN : GOOD));
    assert.equal(findingOf("A chi-square test", all).outcome, "shown");
    assert.equal(findingOf("Keys that anybody can find", all).outcome, "refuted");
    assert.match(
      findingOf("A chi-square test", all).evidence,
      /other kinds of keys it rejects none/,
    );
  });

  it("tells uneven, too even and repeated keys apart from random ones", () => {
    assert.deepEqual(judged(GOOD), [true, false, false, false]);
    assert.deepEqual(judged(UNEVEN), [true, false, true, false]);
    assert.deepEqual(judged(TOO_EVEN), [true, true, true, true]);
    assert.deepEqual(judged(REPEATED), [true, false, false, true]);
  });
});

function judged(statistics: OctetStatistics): boolean[] {
  const { looksUniform, looksTooEven, isSeenByChiSquare, isSeenByRepeats } = verdictsOf(statistics);
  return [looksUniform, looksTooEven, isSeenByChiSquare, isSeenByRepeats];
}
