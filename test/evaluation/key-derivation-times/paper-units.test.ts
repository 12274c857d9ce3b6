import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  closestReading,
  readUnits,
  unitsFinding,
  unitsTable,
} from "../../../src/evaluation/key-derivation-times/describe/paper-units.ts";
import { madeUpTimes, threeTimes } from "./made-up-times.ts";

const [PER_CALL, ALL_MS, ALL_SECONDS] = [
  "milliseconds for one derivation",
  "milliseconds for all 10,000",
  "seconds for all 10,000",
];

describe("readings of the unit of the paper's times", () => {
  it("turn its numbers into cycles at 4.2 GHz", () => {
    const readings = readUnits(madeUpTimes({ "c-o2": threeTimes(1000, 5000, 400) }));
    assert.deepEqual(
      readings.map(({ name }) => name),
      [PER_CALL, ALL_MS, ALL_SECONDS],
    );
    // 38.6k, 510k and 551k; 3.9; 0.92, 12.2 and 13.1 µs.
    const [perCall, allMs, allSeconds] = readings.map(({ rows }) =>
      rows.map(({ cycles }) => Number(cycles.toPrecision(3))),
    );
    assert.deepEqual(perCall, [38_600, 510_000, 551_000]);
    assert.deepEqual(allMs, [3.86, 51, 55.1]);
    assert.deepEqual(
      readings[2]!.rows.map(({ nsPerCall }) => Math.round(nsPerCall)),
      [920, 12_150, 13_130],
    );
    assert.deepEqual(allSeconds, [3860, 51_000, 55_100]);
  });

  it("are seconds where derivations take what optimised and plain builds take", () => {
    // The times of the paper notes' -O2 and -O0 builds.
    const result = madeUpTimes({
      "c-o2": threeTimes(856, 4719, 412),
      "c-o0": threeTimes(2808, 10_212, 1876),
    });
    const readings = readUnits(result);
    assert.deepEqual(
      readings.map(({ verdict }) => verdict),
      ["implausible", "impossible", "plausible"],
    );
    assert.equal(closestReading(readings)?.name, ALL_SECONDS);
    const { outcome, evidence } = unitsFinding(result);
    assert.equal(outcome, "not-reproduced");
    assert.match(evidence, /Closest .* are seconds for all 10,000; that cannot be proven/);
  });

  it("are milliseconds where derivations are that slow", () => {
    const result = madeUpTimes({ typescript: threeTimes(9000, 130_000, 120_000) });
    assert.equal(closestReading(readUnits(result))?.name, PER_CALL);
    assert.equal(unitsFinding(result).outcome, "reproduced");
  });

  it("are not decided where the printed one is plausible and another is closer", () => {
    const result = madeUpTimes({ typescript: threeTimes(1000, 60_000, 60_000) });
    assert.equal(readUnits(result)[0]!.verdict, "plausible");
    assert.equal(unitsFinding(result).outcome, "undecidable");
  });

  it("count cycles here by this processor's clock", () => {
    const times = { "c-o2": threeTimes(1000, 5000, 400), "c-o0": threeTimes(3000, 9000, 2000) };
    const rows = (ghz: number) =>
      readUnits(madeUpTimes(times, { clock: { ghz, source: "measured" } }))[0]!.rows;
    assert.deepEqual(rows(2)[0]!.ourCycles, [2000, 6000]);
    assert.deepEqual(rows(3)[2]!.ourCycles, [1200, 6000]);
  });

  it("leave out what was not measured, and say when the clock is not known", () => {
    const result = madeUpTimes({ typescript: { "hkdf-sha1": 5000 } }, { clock: null });
    const table = unitsTable(result);
    assert.equal(table.rows.length, 3);
    assert.match(table.notes!.join(" "), /clock of this processor is not known; 4\.2 GHz/);
  });
});
