import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nonOverlappingTemplates } from "../../../../src/evaluation/sp800-22/templates/non-overlapping-template.ts";
import {
  occurrenceProbabilities,
  overlappingTemplate,
} from "../../../../src/evaluation/sp800-22/templates/overlapping-template.ts";
import {
  aperiodicTemplates,
  isAperiodic,
  templateFromText,
  templateText,
} from "../../../../src/evaluation/sp800-22/templates/template.ts";
import { assertClose } from "../support/assert-close.ts";
import { bitSequences } from "../support/bit-arbitraries.ts";

/** As section 2.7.4 (2) says: behind a match the window moves past it, else by one bit. */
function naiveCount(block: string, template: string): number {
  let count = 0;
  for (let i = 0; i + template.length <= block.length; ) {
    const isMatch = block.startsWith(template, i);
    if (isMatch) count++;
    i += isMatch ? template.length : 1;
  }
  return count;
}

test("non-overlapping templates: counts are those of the search that jumps behind each match", () => {
  fc.assert(
    fc.property(
      bitSequences({ minLength: 40, maxLength: 400 }),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 1, max: 8 }),
      (sequence, m, blocks) => {
        const text = sequence.bits.join("");
        const blockLength = Math.floor(text.length / blocks);
        for (const { template, counts } of nonOverlappingTemplates(
          sequence,
          aperiodicTemplates(m),
          blocks,
        )) {
          const expected = Array.from({ length: blocks }, (_, i) =>
            naiveCount(text.slice(i * blockLength, (i + 1) * blockLength), templateText(template)),
          );
          assert.deepEqual(counts, expected, templateText(template));
        }
      },
    ),
  );
});

test("overlapping template: counts are those of a search bit by bit", () => {
  fc.assert(
    fc.property(
      bitSequences({ minLength: 40, maxLength: 400 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 6, max: 40 }),
      (sequence, templateLength, blockLength) => {
        const blocks = sequence.bits.join("").match(new RegExp(`.{${blockLength}}`, "g")) ?? [];
        const expected = [0, 0, 0, 0, 0, 0];
        for (const block of blocks) {
          const found = block.match(new RegExp(`(?=1{${templateLength}})`, "g"))?.length ?? 0;
          expected[Math.min(found, 5)] = (expected[Math.min(found, 5)] ?? 0) + 1;
        }
        const { counts } = overlappingTemplate(sequence, { templateLength, blockLength });
        assert.deepEqual(counts, expected);
      },
    ),
  );
});

test("there are as many aperiodic templates of each length as are known", () => {
  // The numbers of unbordered binary words, OEIS A003000.
  const counts = [2, 4, 6, 12, 20, 40, 74, 148, 284, 568, 1116, 2232];
  counts.forEach((count, i) => {
    const templates = aperiodicTemplates(i + 2);
    assert.equal(templates.length, count);
    assert.equal(new Set(templates.map(templateText)).size, count);
  });
  assert.equal(isAperiodic(templateFromText("000000001")), true);
  assert.equal(isAperiodic(templateFromText("010")), false);
});

test("the probabilities of the overlapping template are those of the sum of section 3.8", () => {
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  const choose = (n: number, k: number) => factorial(n) / factorial(k) / factorial(n - k);
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 5, noNaN: true }), (eta) => {
      const expected = [Math.exp(-eta)];
      for (let u = 1; u < 5; u++) {
        let sum = 0;
        for (let l = 1; l <= u; l++) sum += (choose(u - 1, l - 1) * eta ** l) / factorial(l);
        expected.push((Math.exp(-eta) / 2 ** u) * sum);
      }
      const found = occurrenceProbabilities(eta);
      assertClose(found.slice(0, -1), expected, `eta = ${eta}`, 1e-12);
      assertClose(
        found.reduce((sum, p) => sum + p, 0),
        1,
        "their sum",
        1e-12,
      );
    }),
  );
});
