import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BitSequence } from "../../../../src/evaluation/sp800-22/bit-sequence.ts";
import { longestRunOfOnes } from "../../../../src/evaluation/sp800-22/frequency/longest-run-of-ones.ts";
import { runs } from "../../../../src/evaluation/sp800-22/frequency/runs.ts";
import { bitSequences } from "../support/bit-arbitraries.ts";

test("runs are what a regular expression finds, and too many ones give p = 0", () => {
  fc.assert(
    fc.property(bitSequences({ minLength: 1, maxLength: 300 }), (sequence) => {
      const text = sequence.bits.join("");
      const result = runs(sequence);
      assert.equal(result.runs, text.match(/0+|1+/g)?.length);
      const ones = BigInt(text.replaceAll("0", "").length);
      const n = BigInt(text.length);
      // (ones / n - 1 / 2)^2 < (2 / sqrt(n))^2, times 4 n^3
      assert.equal(result.isApplicable, (2n * ones - n) ** 2n * n < 16n * n ** 2n);
      if (!result.isApplicable) assert.equal(result.p, 0);
    }),
  );
});

test("a sequence exactly on the bound of the share of ones is not applicable, nor is its complement", () => {
  // 2 / sqrt(100) = 20 / 100
  const applicable = [30, 31, 69, 70].map(
    (ones) => runs(BitSequence.fromText("1".repeat(ones).padEnd(100, "0"))).isApplicable,
  );
  assert.deepEqual(applicable, [false, true, true, false]);
});

test("longest runs are counted in the class of their length", () => {
  fc.assert(
    fc.property(bitSequences({ minLength: 128, maxLength: 400 }), (sequence) => {
      const blocks = sequence.bits.join("").match(/.{8}/g) ?? [];
      const counts = [0, 0, 0, 0];
      for (const block of blocks) {
        const longest = Math.max(0, ...(block.match(/1+/g) ?? []).map((run) => run.length));
        const chosen = Math.min(Math.max(longest, 1), 4) - 1;
        counts[chosen] = (counts[chosen] ?? 0) + 1;
      }
      assert.deepEqual(longestRunOfOnes(sequence).counts, counts);
    }),
  );
});
