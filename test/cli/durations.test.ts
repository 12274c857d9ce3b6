import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { duration, formatDuration } from "../../src/cli/durations.ts";

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

describe("a time of an option", () => {
  const parse = duration(MINUTE_MS, 4 * WEEK_MS);

  for (const [text, ms] of [
    ["60s", 60_000],
    ["90s", 90_000],
    ["30m", 30 * MINUTE_MS],
    ["12h", 720 * MINUTE_MS],
    ["1d12h", 36 * 60 * MINUTE_MS],
    ["4w", 4 * WEEK_MS],
  ] as const) {
    it(`is ${ms} ms as ${text}`, () => assert.equal(parse(text), ms));
  }

  for (const text of [
    "",
    "90",
    "s",
    "1.5h",
    "-90s",
    "90 s",
    "90sec",
    "x90s",
    "59s",
    "4w1s",
    "1y",
  ]) {
    it(`is not "${text}"`, () =>
      assert.throws(() => parse(text), /such as 90s.* from 1 min to 28 d/));
  }
});

describe("a time that is shown", () => {
  it("has its two largest units, and is read again as what it says", () => {
    const units: Readonly<Record<string, string>> = { d: "d", h: "h", min: "m", s: "s" };
    const parse = duration(0, Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 * 365 * 86_400 }), (seconds) => {
        const shown = formatDuration(seconds * 1_000);
        const text = shown.replace(/(\d+) (\w+) ?/g, (_, count, unit) => `${count}${units[unit]}`);
        const left = seconds - parse(text) / 1_000;
        const resolution = seconds >= 86_400 ? 3_600 : seconds >= 3_600 ? 60 : 1;
        assert.ok(left >= 0 && left < resolution, `${seconds} s as ${shown}`);
      }),
    );
  });

  it("is a second at least", () => assert.equal(formatDuration(0), "1 s"));
});
