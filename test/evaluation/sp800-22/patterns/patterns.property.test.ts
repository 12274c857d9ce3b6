import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BitSequence } from "../../../../src/evaluation/sp800-22/bit-sequence.ts";
import {
  countPatterns,
  countsOfShorterPatterns,
} from "../../../../src/evaluation/sp800-22/patterns/pattern-counts.ts";
import { universal } from "../../../../src/evaluation/sp800-22/patterns/universal.ts";
import { assertClose } from "../support/assert-close.ts";
import { bitSequences } from "../support/bit-arbitraries.ts";

test("patterns are counted as they stand in the sequence with its start behind its end", () => {
  const lengths = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(bitSequences({ minLength: 6, maxLength: 200 }), lengths, (sequence, m) => {
      const text = sequence.bits.join("");
      const endless = text + text.slice(0, m - 1);
      const expected = new Int32Array(2 ** m);
      for (let i = 0; i < text.length; i++) {
        const pattern = Number.parseInt(endless.slice(i, i + m), 2);
        expected[pattern] = (expected[pattern] ?? 0) + 1;
      }
      const counts = countPatterns(sequence, m);
      assert.deepEqual(counts, expected);
      if (m > 1) assert.deepEqual(countsOfShorterPatterns(counts), countPatterns(sequence, m - 1));
    }),
  );
});

test("the sum of the universal test is that of the distances to the last equal block", () => {
  fc.assert(
    fc.property(
      bitSequences({ minLength: 60, maxLength: 300 }),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 1, max: 8 }),
      (sequence, blockLength, initialBlocks) => {
        const blocks: string[] =
          sequence.bits.join("").match(new RegExp(`.{${blockLength}}`, "g")) ?? [];
        const sum = blocks
          .map((block, i) => i - (i === 0 ? -1 : blocks.lastIndexOf(block, i - 1)))
          .slice(initialBlocks)
          .reduce((total, distance) => total + Math.log2(distance), 0);
        const result = universal(sequence, { blockLength, initialBlocks });
        assert.equal(result.testBlocks, blocks.length - initialBlocks);
        assertClose(result.sum, sum, "sum", 1e-9);
        assert.ok(result.sigma > 0 && result.p >= 0 && result.p <= 1);
      },
    ),
  );
});

test("expected value and variance of the universal test are the sums that define them", () => {
  for (const blockLength of [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]) {
    const probability = 2 ** -blockLength;
    let mean = 0;
    let square = 0;
    // What is left out is less than e^-40 of the whole.
    for (let distance = 1; distance < 40 / probability; distance++) {
      const weight = probability * Math.exp((distance - 1) * Math.log1p(-probability));
      mean += weight * Math.log2(distance);
      square += weight * Math.log2(distance) ** 2;
    }
    const sequence = BitSequence.fromText("01".repeat(2 * blockLength));
    const result = universal(sequence, { blockLength, initialBlocks: 1 });
    assertClose(result.expectedValue, mean, `expected value of L = ${blockLength}`);
    assertClose(
      result.variance,
      square - mean * mean,
      `variance of L = ${blockLength}, cut off by the standard`,
      1e-3,
    );
  }
});
