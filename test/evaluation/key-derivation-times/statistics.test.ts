import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  compareTimes,
  geometricMean,
  quantile,
  summarise,
} from "../../../src/evaluation/key-derivation-times/statistics.ts";

describe("summary of times", () => {
  it("has the quartiles that R gives by default", () => {
    // quantile(c(7, 15, 36, 39, 40, 41)) in R.
    assert.deepEqual(summarise([40, 7, 36, 41, 15, 39]), {
      medianNs: 37.5,
      lowerQuartileNs: 20.25,
      upperQuartileNs: 39.75,
      minimumNs: 7,
    });
  });

  it("takes one sample for all of them", () => {
    assert.deepEqual(summarise([3]), {
      medianNs: 3,
      lowerQuartileNs: 3,
      upperQuartileNs: 3,
      minimumNs: 3,
    });
  });

  it("reaches the largest sample", () => {
    assert.equal(quantile([1, 2, 9], 1), 9);
  });
});

describe("comparison of times", () => {
  const between = (lowerQuartileNs: number, upperQuartileNs: number) => ({
    medianNs: (lowerQuartileNs + upperQuartileNs) / 2,
    lowerQuartileNs,
    upperQuartileNs,
    minimumNs: lowerQuartileNs,
  });

  it("tells times apart only where the quartile ranges do not touch", () => {
    assert.equal(compareTimes(between(1, 2), between(3, 4)), "faster");
    assert.equal(compareTimes(between(3, 4), between(1, 2)), "slower");
    assert.equal(compareTimes(between(1, 3), between(3, 4)), "equal");
    assert.equal(compareTimes(between(2, 3), between(1, 9)), "equal");
  });
});

describe("geometric mean", () => {
  it("is the root of the product", () => {
    assert.ok(Math.abs(geometricMean([1, 10, 100]) - 10) < 1e-12);
  });
});
