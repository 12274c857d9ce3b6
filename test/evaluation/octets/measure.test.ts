import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { equalFrequencies } from "../../../src/evaluation/equal-frequencies.ts";
import { KEY_STREAM_SOURCES } from "../../../src/evaluation/key-streams/key-stream-sources.ts";
import {
  IDEAL_STANDARD_DEVIATION,
  standardErrorOfDensity,
  standardErrorOfDeviation,
  standardErrorOfMean,
} from "../../../src/evaluation/octets/ideal.ts";
import type { OctetSeries } from "../../../src/evaluation/octets/measure.ts";
import { OctetTally } from "../../../src/evaluation/octets/octet-tally.ts";
import { firstSample } from "../../../src/evaluation/octets/verdicts.ts";
import { SeededRandom } from "../../../src/evaluation/random/seeded-random.ts";
import { measured } from "./measured.ts";

const result = await measured();

describe("the ideal of 1,000 keys", () => {
  it("is a mean of 127.5 ± 2.34 and a standard deviation of 73.90 ± 1.05", () => {
    assert.equal(IDEAL_STANDARD_DEVIATION.toFixed(2), "73.90");
    assert.equal(standardErrorOfMean(1_000).toFixed(2), "2.34");
    assert.equal(standardErrorOfDeviation(1_000).toFixed(2), "1.05");
  });

  it("is as far off as simulated keys are", () => {
    const random = new SeededRandom("test", "standard errors");
    const octets = Array.from({ length: 120 }, () => {
      const tally = new OctetTally();
      for (let key = 0; key < 200; key++) tally.add(random.bytes(16));
      return tally.statistics().octets;
    }).flat();
    // Of 1,920 octets, or 30,720 bins.
    const spreads = [
      [spread(octets.map(({ mean }) => mean)), standardErrorOfMean(200)],
      [
        spread(octets.map(({ standardDeviation }) => standardDeviation)),
        standardErrorOfDeviation(200),
      ],
      [spread(octets.flatMap(({ density }) => density)), standardErrorOfDensity(200)],
      [spread(octets.map(({ chiSquare }) => chiSquare)), Math.sqrt(2 * 255)],
    ];
    for (const [actual = 0, expected = 0] of spreads) {
      assert.ok(Math.abs(actual / expected - 1) < 0.08, `${actual}, not ${expected}`);
    }
  });
});

describe("the statistics of keys", () => {
  it("are those of the octets at each position, and of each key over its octets", () => {
    const tally = new OctetTally();
    tally.add(Uint8Array.from({ length: 16 }, (_, position) => (position % 2 === 0 ? 0 : 255)));
    tally.add(Uint8Array.from({ length: 16 }, (_, position) => (position < 2 ? 10 : 20)));
    tally.add(Uint8Array.from({ length: 16 }, (_, position) => (position < 2 ? 10 : 20)));
    const { keys, distinctKeys, octets, deviationsOfKeys } = tally.statistics();
    assert.deepEqual([keys, distinctKeys, octets.length], [3, 2, 16]);
    const [first, second] = octets;
    assert.equal(first?.mean.toFixed(4), "6.6667");
    assert.equal(first?.standardDeviation.toFixed(4), "4.7140");
    assert.equal(second?.mean.toFixed(4), "91.6667");
    // Of 16 values, 0 and 10 are in the first bin, 255 is in the last.
    assert.equal(first?.density[0], 1 / 16);
    assert.deepEqual(
      [second?.density[0], second?.density[15]].map((density) => density?.toFixed(4)),
      ["0.0417", "0.0208"],
    );
    // 127.5, then twice sqrt(10^2 × 2/16 × 14/16).
    assert.equal(deviationsOfKeys.mean.toFixed(4), ((127.5 + 2 * 3.3072) / 3).toFixed(4));
    assert.deepEqual([deviationsOfKeys.counts[127], deviationsOfKeys.counts[3]], [1, 2]);
  });

  it("have the p-values of tables of the chi-square distribution", () => {
    // 255 degrees of freedom: the quantiles of 0.05 and 0.95 are 293.25 and 219.03.
    for (const [chiSquare, pValue] of [
      [293.25, 0.05],
      [219.03, 0.95],
    ] as const) {
      // Half of the values up, half down by the same.
      const step = Math.sqrt((chiSquare * 100_000) / 256);
      const counts = Uint32Array.from({ length: 256 }, (_, value) =>
        Math.round(100_000 + (value % 2 === 0 ? step : -step)),
      );
      const actual = equalFrequencies(counts);
      assert.ok(Math.abs(actual.pValue - pValue) < 0.004, `${actual.chiSquare}: ${actual.pValue}`);
    }
  });
});

describe("the octets of 1,000 keys", () => {
  it("of multiples of a constant are those worked out apart from this code", () => {
    const { octets, pooled } = firstSample(seriesOf("weyl"));
    const range = (values: readonly number[], digits: number) =>
      [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
    assert.deepEqual(
      range(
        octets.map(({ mean }) => mean),
        1,
      ),
      ["126.8", "130.3"],
    );
    const deviations = octets.map(({ standardDeviation }) => standardDeviation);
    assert.deepEqual(range(deviations, 0), ["74", "74"]);
    assert.equal(pooled.chiSquare.toFixed(1), "197.1");
    assert.deepEqual(
      range(
        octets.map(({ chiSquare }) => chiSquare),
        0,
      ),
      ["6", "2317"],
    );
  });

  it("of 8-bit keys are of at most 256 keys, and each octet has the same chi-square", () => {
    const { distinctKeys, octets } = firstSample(seriesOf("eight-bit-keys"));
    assert.ok(distinctKeys <= 256, `${distinctKeys}`);
    assert.equal(new Set(octets.map(({ chiSquare }) => chiSquare.toFixed(6))).size, 1);
  });

  it("are of both new root keys of every suite in both modes, and of five other kinds", () => {
    const { series } = result;
    assert.equal(series.filter(({ key }) => key === "NwkKey'").length, 8);
    assert.equal(series.filter(({ key }) => key === "AppKey'").length, 8);
    assert.equal(series.filter(({ key }) => key === null).length, 5);
    assert.ok(series.every(({ samples }) => samples.length === 1 && samples[0]?.keys === 1_000));
  });

  it("are counted under the name of their key", () => {
    const [source] = KEY_STREAM_SOURCES;
    assert.ok(source !== undefined);
    const stream = source.open({ seed: "test", keys: "nwk-key" });
    const tally = new OctetTally();
    for (let index = 0; index < 1_000; index++) tally.add(stream.next());
    const series = result.series.find((one) => one.source === source.id && one.key === "NwkKey'");
    assert.deepEqual(series?.samples, [tally.statistics()]);
  });

  it("are the same for the same seed", async () => {
    assert.deepEqual(await measured(), result);
  });
});

function seriesOf(source: string): OctetSeries {
  const found = result.series.find((series) => series.source === source);
  assert.ok(found !== undefined);
  return found;
}

function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
