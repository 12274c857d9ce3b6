import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BitSequence } from "../../../../src/evaluation/sp800-22/bit-sequence.ts";
import { linearComplexityOf } from "../../../../src/evaluation/sp800-22/linear/berlekamp-massey.ts";
import { linearComplexity } from "../../../../src/evaluation/sp800-22/linear/linear-complexity.ts";
import { assertClose } from "../support/assert-close.ts";
import { bitSequences } from "../support/bit-arbitraries.ts";

/** The algorithm as Massey wrote it, coefficient by coefficient: C(D), B(D) and the discrepancy d. */
function naiveBerlekampMassey(bits: readonly number[]): number {
  let c = [1];
  let b = [1];
  let l = 0;
  let m = -1;
  bits.forEach((_, n) => {
    const d = c.reduce((sum, coefficient, i) => sum ^ (coefficient & (bits[n - i] ?? 0)), 0);
    if (d === 0) return;
    const before = c;
    const shifted = [...Array.from({ length: n - m }, () => 0), ...b];
    c = Array.from({ length: Math.max(c.length, shifted.length) }, (_, i) => {
      return (before[i] ?? 0) ^ (shifted[i] ?? 0);
    });
    if (2 * l > n) return;
    l = n + 1 - l;
    m = n;
    b = before;
  });
  return l;
}

test("the linear complexity is that of the algorithm of Massey", () => {
  fc.assert(
    fc.property(bitSequences({ minLength: 0, maxLength: 200 }), ({ bits }) => {
      assert.equal(linearComplexityOf(bits), naiveBerlekampMassey([...bits]));
    }),
    { numRuns: 300 },
  );
});

test("a feedback shift register is never longer than its own length in the answer", () => {
  const registers = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(registers, fc.bigInt({ min: 1n, max: 2n ** 40n - 1n }), (taps, seed) => {
      const length = Math.max(...taps);
      const bits = new Uint8Array(200);
      for (let i = 0; i < length; i++) bits[i] = Number((seed >> BigInt(i)) & 1n);
      for (let i = length; i < bits.length; i++) {
        bits[i] = taps.reduce((sum, tap) => sum ^ (bits[i - tap] ?? 0), 0);
      }
      assert.ok(linearComplexityOf(bits) <= length);
    }),
  );
});

test("n - 1 zeros before a one need a register of n bits, wherever the words end", () => {
  for (const length of [1, 2, 31, 32, 33, 63, 64, 65, 500]) {
    const bits = new Uint8Array(length);
    assert.equal(linearComplexityOf(bits), 0);
    bits[length - 1] = 1;
    assert.equal(linearComplexityOf(bits), length);
  }
});

test("all blocks of an even and of an odd length fall into the classes as the probabilities say", () => {
  const fractions = [1 / 96, 1 / 32, 1 / 8, 1 / 2, 1 / 4, 1 / 16, 1 / 48];
  for (const blockLength of [12, 13]) {
    const all = Array.from({ length: 2 ** blockLength }, (_, block) =>
      block.toString(2).padStart(blockLength, "0"),
    );
    const { blocks, counts, mean } = linearComplexity(
      BitSequence.fromText(all.join("")),
      blockLength,
    );
    assert.equal(blocks, all.length);
    const total = all.reduce(
      (sum, text) => sum + linearComplexityOf(Uint8Array.from(text, Number)),
      0,
    );
    assertClose(mean, total / blocks, `mean of ${blockLength} bits`, 1e-12);
    const shares = counts.map((count) => count / blocks);
    // The probabilities are those of blocks without an end.
    assertClose(shares, fractions, `blocks of ${blockLength} bits`, 1e-3);
  }
});
