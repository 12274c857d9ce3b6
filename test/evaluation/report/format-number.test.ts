import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatNumber, formatParameter } from "../../../src/evaluation/report/format-number.ts";

describe("formatNumber", () => {
  const cases: [value: number, digits: number | undefined, text: string][] = [
    [0, 3, "0"],
    [1234, 2, "1234"],
    [1_000_000, undefined, "1,000,000"],
    [0.5, undefined, "0.5000"],
    [0.048_204, 3, "0.0482"],
    [123.456, 4, "123.5"],
    [12_345.678, 3, "12,346"],
    [-2.5, 2, "−2.5"],
    [0.000_012_345, 3, "1.23 × 10^-5"],
    [-1.5e12 + 0.5, 2, "−1.5 × 10^12"],
    [Number.NaN, 3, "NaN"],
    [-Infinity, 3, "−∞"],
  ];
  for (const [value, digits, text] of cases) {
    it(`writes ${value} as ${text}`, () => assert.equal(formatNumber(value, digits), text));
  }

  it("is never further off than half of the last digit that it writes", () => {
    const values = fc.double({ noNaN: true, min: 1e-12, max: 1e14 });
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 6 }), (value, digits) => {
        const [mantissa = "", exponent = "0"] = formatNumber(value, digits).split(" × 10^");
        const read = Number(mantissa.replaceAll(",", "")) * 10 ** Number(exponent);
        assert.ok(Math.abs(read - value) <= 0.5001 * value * 10 ** (1 - digits), `${read}`);
      }),
    );
  });
});

describe("formatParameter", () => {
  it("writes what was chosen, without digits that nobody chose", () => {
    const texts = [0.01, 10_000, 1000, 1e-7, -3].map(formatParameter);
    assert.deepEqual(texts, ["0.01", "10,000", "1000", "1.000 × 10^-7", "−3"]);
  });
});
