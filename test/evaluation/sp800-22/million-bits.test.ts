import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { assertClose } from "./support/assert-close.ts";
import { EXPANSION_NAMES, expansion, expansionOctets } from "./support/expansions.ts";
import { MILLION_BIT_RUNS } from "./support/million-bit-results.ts";
import { MILLION_BIT_ROWS, SEQUENCES } from "./support/reference-values.ts";

test("the expansions are those the reference values were computed from", () => {
  assert.deepEqual(EXPANSION_NAMES, Object.keys(SEQUENCES));
  for (const name of EXPANSION_NAMES) {
    const { first32, last32, ones, sha256 } = SEQUENCES[name];
    assert.equal(createHash("sha256").update(expansionOctets(name)).digest("hex"), sha256, name);
    const { bits } = expansion(name);
    assert.equal(bits.length, 1_000_000);
    assert.equal(bits.subarray(0, 32).join(""), first32, name);
    assert.equal(bits.subarray(-32).join(""), last32, name);
    assert.equal(
      bits.reduce((sum, bit) => sum + bit, 0),
      ones,
      name,
    );
  }
});

for (const row of MILLION_BIT_ROWS) {
  test(`${row.test}: a million bits of e, pi and the roots of 2 and 3 give the reference values`, () => {
    const run = MILLION_BIT_RUNS[row.test];
    assert.ok(run, `${row.test} is not run`);
    for (const name of EXPANSION_NAMES) {
      const result = run(expansion(name), row.parameters);
      assertClose(result.p, row.p[name], `p of ${name}`);
      for (const [statistic, values] of Object.entries(row.statistics)) {
        assertClose(result.statistics?.[statistic], values[name], `${statistic} of ${name}`);
      }
      for (const [parameter, value] of Object.entries(result.parameters ?? {})) {
        assertClose(value, row.parameters[parameter] as number, `${parameter} of ${name}`, 1e-9);
      }
    }
  });
}

test("the table has all seventeen rows", () => {
  assert.deepEqual(
    MILLION_BIT_ROWS.map((row) => row.test),
    Object.keys(MILLION_BIT_RUNS),
  );
});
