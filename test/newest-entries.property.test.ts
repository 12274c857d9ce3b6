import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NewestEntries } from "../src/newest-entries.ts";

const key = fc.integer({ min: 0, max: 9 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("set" as const), key, value: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const) }) },
);

test("newest entries are those set since the last but one time that older ones were forgotten", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const entries = new NewestEntries<number, number>();
      // Each key with the number of the half that it was set in.
      const model = new Map<number, { value: number; half: number }>();
      let half = 0;
      for (const each of steps) {
        if (each.kind === "forget") {
          entries.forgetOlder();
          half += 1;
          for (const [name, known] of model) if (known.half < half - 1) model.delete(name);
        } else if (each.kind === "delete") {
          assert.equal(entries.delete(each.key), model.delete(each.key));
        } else {
          entries.set(each.key, each.value);
          model.set(each.key, { value: each.value, half });
        }
        for (let name = 0; name < 10; name++) {
          assert.equal(entries.get(name), model.get(name)?.value);
          assert.equal(entries.isNewer(name), model.get(name)?.half === half);
        }
        const newer = [...model.values()].filter((known) => known.half === half);
        assert.equal(entries.newerSize, newer.length);
      }
    }),
  );
});
