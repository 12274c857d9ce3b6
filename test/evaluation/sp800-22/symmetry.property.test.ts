import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { BitSequence } from "../../../src/evaluation/sp800-22/bit-sequence.ts";
import { blockFrequency } from "../../../src/evaluation/sp800-22/frequency/block-frequency.ts";
import { frequency } from "../../../src/evaluation/sp800-22/frequency/frequency.ts";
import { runs } from "../../../src/evaluation/sp800-22/frequency/runs.ts";
import { approximateEntropy } from "../../../src/evaluation/sp800-22/patterns/approximate-entropy.ts";
import { serial } from "../../../src/evaluation/sp800-22/patterns/serial.ts";
import { universal } from "../../../src/evaluation/sp800-22/patterns/universal.ts";
import { cumulativeSums } from "../../../src/evaluation/sp800-22/random-walk/cumulative-sums.ts";
import { randomExcursions } from "../../../src/evaluation/sp800-22/random-walk/random-excursions.ts";
import { randomExcursionsVariant } from "../../../src/evaluation/sp800-22/random-walk/random-excursions-variant.ts";
import { discreteFourierTransform } from "../../../src/evaluation/sp800-22/spectral/discrete-fourier-transform.ts";
import { assertClose } from "./support/assert-close.ts";
import { bitSequences, complementOf, reversalOf } from "./support/bit-arbitraries.ts";

const SEQUENCES = bitSequences({ minLength: 20, maxLength: 400 });
const UNIVERSAL = { blockLength: 3, initialBlocks: 4 };

type Measure = (sequence: BitSequence) => number[];

const serialOf: Measure = (sequence) => {
  const { first, second } = serial(sequence, 3);
  return [first.difference, first.p, second.difference, second.p];
};
const entropyOf: Measure = (sequence) => {
  const { approximateEntropy: entropy, chiSquare, p } = approximateEntropy(sequence, 3);
  return [entropy, chiSquare, p];
};

/** Tests that take zeros for ones and ones for zeros alike. */
const UNMOVED_BY_COMPLEMENT: Readonly<Record<string, Measure>> = {
  frequency: (sequence) => [frequency(sequence).statistic, frequency(sequence).p],
  blockFrequency: (sequence) => {
    const { chiSquare, p } = blockFrequency(sequence, 7);
    return [chiSquare, p];
  },
  runs: (sequence) => [runs(sequence).runs, runs(sequence).p],
  serial: serialOf,
  approximateEntropy: entropyOf,
  universal: (sequence) => [universal(sequence, UNIVERSAL).sum, universal(sequence, UNIVERSAL).p],
  cumulativeSums: (sequence) => {
    const { forward, backward } = cumulativeSums(sequence);
    return [forward.z, forward.p, backward.z, backward.p];
  },
  discreteFourierTransform: (sequence) => [discreteFourierTransform(sequence).below],
};

for (const [name, measure] of Object.entries(UNMOVED_BY_COMPLEMENT)) {
  test(`${name}: the complement of a sequence gives the same`, () => {
    fc.assert(
      fc.property(SEQUENCES, (sequence) => {
        assertClose(measure(complementOf(sequence)), measure(sequence), name, 1e-9);
      }),
    );
  });
}

test("random excursions: the complement exchanges the states x and -x", () => {
  fc.assert(
    fc.property(SEQUENCES, (sequence) => {
      for (const run of [randomExcursions, randomExcursionsVariant]) {
        const { cycles, states } = run(sequence);
        const mirrored = run(complementOf(sequence));
        assert.equal(mirrored.cycles, cycles);
        assertClose(
          mirrored.states.map(({ p }) => p).reverse(),
          states.map(({ p }) => p),
          "p",
          1e-12,
        );
      }
    }),
  );
});

/** Tests that do not care in which direction a sequence is read: so goes a sequence without an end. */
const UNMOVED_BY_REVERSAL: Readonly<Record<string, Measure>> = {
  frequency: (sequence) => [frequency(sequence).p],
  runs: (sequence) => [runs(sequence).runs, runs(sequence).p],
  serial: serialOf,
  approximateEntropy: entropyOf,
};

for (const [name, measure] of Object.entries(UNMOVED_BY_REVERSAL)) {
  test(`${name}: a sequence read backwards gives the same`, () => {
    fc.assert(
      fc.property(SEQUENCES, (sequence) => {
        assertClose(measure(reversalOf(sequence)), measure(sequence), name, 1e-9);
      }),
    );
  });
}

test("cumulative sums: a sequence read backwards exchanges the directions", () => {
  fc.assert(
    fc.property(SEQUENCES, (sequence) => {
      const { forward, backward } = cumulativeSums(sequence);
      assert.deepEqual(cumulativeSums(reversalOf(sequence)), {
        forward: backward,
        backward: forward,
      });
    }),
  );
});
