import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  complementaryErrorFunction,
  standardNormal,
  upperIncompleteGamma,
} from "../../../src/evaluation/sp800-22/special-functions.ts";
import { assertClose } from "./support/assert-close.ts";

const POSITIVE = fc.double({ min: 0, max: 60, noNaN: true });

test("the upper incomplete gamma function of a whole number is a sum of Poisson probabilities", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), POSITIVE, (a, x) => {
      let term = Math.exp(-x);
      let sum = 0;
      for (let k = 0; k < a; k++) {
        sum += term;
        term *= x / (k + 1);
      }
      assertClose(upperIncompleteGamma(a, x), sum, `Q(${a}, ${x})`, 1e-12);
    }),
  );
});

test("erfc(x) is twice the standard normal distribution at -x sqrt(2)", () => {
  fc.assert(
    fc.property(POSITIVE, (x) => {
      assertClose(
        complementaryErrorFunction(x),
        2 * standardNormal(-x * Math.SQRT2),
        `${x}`,
        1e-14,
      );
      assertClose(standardNormal(x) + standardNormal(-x), 1, `${x}`, 1e-14);
    }),
  );
});

test("no argument is too large: the tails end in 0 and 1", () => {
  const large = fc.double({ min: 0, max: 1e12, noNaN: true });
  const halves = fc.integer({ min: 1, max: 2_000_000 }).map((value) => value / 2);
  fc.assert(
    fc.property(halves, large, (a, x) => {
      const values = [upperIncompleteGamma(a, x), complementaryErrorFunction(x), standardNormal(x)];
      for (const value of [...values, standardNormal(-x)]) assert.ok(value >= 0 && value <= 1);
    }),
    { numRuns: 1000 },
  );
  assert.equal(upperIncompleteGamma(4, 1e6), 0);
  assert.equal(upperIncompleteGamma(1e6, 4), 1);
  assert.equal(upperIncompleteGamma(4, 0), 1);
  assert.equal(complementaryErrorFunction(1000), 0);
  assert.equal(complementaryErrorFunction(-1000), 2);
  assert.equal(standardNormal(1000), 1);
  assert.equal(standardNormal(-1000), 0);
});
