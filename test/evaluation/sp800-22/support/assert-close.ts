import assert from "node:assert/strict";

export type Numbers = number | readonly number[];

/** Of the reference values, which have six digits after the point. */
const TOLERANCE = 1e-6;

/** Counts and other whole numbers have to be right by the same measure. */
export function assertClose(
  actual: Numbers | undefined,
  expected: Numbers,
  what: string,
  tolerance = TOLERANCE,
): void {
  assert.notEqual(actual, undefined, `${what} is missing`);
  const actuals = [actual].flat();
  const expecteds = [expected].flat();
  assert.equal(actuals.length, expecteds.length, `${what}: how many`);
  expecteds.forEach((value, i) => {
    const found = actuals[i] ?? Number.NaN;
    assert.ok(Math.abs(found - value) <= tolerance, `${what}: ${actuals}, not ${expecteds}`);
  });
}
