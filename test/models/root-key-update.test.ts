import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { before, describe, it } from "node:test";
import { checkConfigurations } from "../../models/check-configurations.ts";
import { CONFIGURATIONS } from "../../models/configurations.ts";
import { type SearchResult, spinMissing } from "../../models/run-spin.ts";
import { stopSignal } from "../../models/stop-signal.ts";

/** Why nothing is checked, or false. With CI set it is a failure. */
function skip(): string | false {
  const reason = spinMissing();
  if (reason !== false && process.env["CI"]) throw new Error(reason);
  return reason;
}

describe("the model of the root key update, searched by SPIN", { skip: skip() }, () => {
  const fast = CONFIGURATIONS.filter(({ isFast }) => isFast);
  const found = new Map<string, readonly SearchResult[]>();

  before(async () => {
    const options = { jobs: Math.min(2, availableParallelism()), signal: stopSignal() };
    await checkConfigurations(fast, options, ({ name, results }) => {
      found.set(name, results);
    });
  });

  for (const { name, expected } of fast) {
    it(`${name}: ${expected.join(", ")}`, () => {
      const results = found.get(name) ?? [];
      assert.deepEqual(
        results.map(({ outcome }) => outcome),
        expected,
        results.flatMap(({ counterexample }) => counterexample).join("\n"),
      );
    });
  }

  it("finds every mutant of the design, and says by which events", () => {
    const mutants = fast.filter(({ name }) => /drops the candidate|erases the old keys/.test(name));
    const caught = mutants.flatMap(({ name }) => found.get(name) ?? []);
    assert.ok(caught.some(({ outcome }) => outcome === "invariant"));
    assert.ok(caught.some(({ outcome }) => outcome === "strong invariant"));
    for (const { outcome, counterexample } of caught) {
      assert.equal(counterexample.length > 5, outcome !== "holds");
    }
  });

  it("gives every configuration a name of its own", () => {
    assert.equal(new Set(CONFIGURATIONS.map(({ name }) => name)).size, CONFIGURATIONS.length);
  });
});
