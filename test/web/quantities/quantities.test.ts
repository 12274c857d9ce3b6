import assert from "node:assert/strict";
import { test } from "node:test";
import { fittingUnit, formatDuration } from "../../../web/src/quantities/duration.ts";
import { countOf, formatRounded, formatShare } from "../../../web/src/quantities/numbers.ts";

test("a time is its two largest units", () => {
  assert.equal(formatDuration(0), "1 s");
  assert.equal(formatDuration(2 ** 11 * 1_000), "34 min 8 s");
  assert.equal(formatDuration(86_400_000), "1 day");
  assert.equal(formatDuration(90_061_000), "1 day 1 h");
  assert.equal(formatDuration(86_460_000), "1 day");
  assert.equal(formatDuration(36_525 * 86_400_000), "36,525 days");
});

test("a time is edited in the largest unit that it is whole in", () => {
  const units = ["minutes", "hours", "days"] as const;
  assert.equal(fittingUnit(2 * 86_400_000, units), "days");
  assert.equal(fittingUnit(90 * 60_000, units), "minutes");
  assert.equal(fittingUnit(2 ** 11 * 1_000, units), "minutes");
});

test("numbers have three digits that count, and nouns their number", () => {
  assert.equal(formatRounded(0), "0");
  assert.equal(formatRounded(1_234.5), "1,230");
  assert.equal(formatShare(0.000287), "0.0287 %");
  assert.equal(countOf(1, "device"), "1 device");
  assert.equal(countOf(2_000, "canary", "canaries"), "2,000 canaries");
});
