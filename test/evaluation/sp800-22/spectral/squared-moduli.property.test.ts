import { test } from "node:test";
import fc from "fast-check";
import { BitSequence } from "../../../../src/evaluation/sp800-22/bit-sequence.ts";
import { squaredModuli } from "../../../../src/evaluation/sp800-22/spectral/squared-moduli.ts";
import { assertClose } from "../support/assert-close.ts";
import { bitSequences } from "../support/bit-arbitraries.ts";

/** By the definition, frequency by frequency. */
function naiveSquaredModuli(bits: Uint8Array): number[] {
  const n = bits.length;
  return Array.from({ length: Math.floor(n / 2) }, (_, k) => {
    let re = 0;
    let im = 0;
    bits.forEach((bit, j) => {
      const angle = (2 * Math.PI * ((j * k) % n)) / n;
      re += (2 * bit - 1) * Math.cos(angle);
      im -= (2 * bit - 1) * Math.sin(angle);
    });
    return re * re + im * im;
  });
}

test("the moduli are those of the definition for any sequence", () => {
  fc.assert(
    fc.property(bitSequences({ minLength: 2, maxLength: 200 }), ({ bits }) => {
      assertClose([...squaredModuli(bits)], naiveSquaredModuli(bits), `n = ${bits.length}`, 1e-8);
    }),
  );
});

test("the moduli are right for every length: products of small primes, primes, and twice a prime", () => {
  const lengths = [
    2, 3, 4, 5, 6, 7, 8, 10, 16, 20, 25, 27, 49, 64, 82, 100, 101, 106, 125, 210, 250,
  ];
  for (const length of [...lengths, 256, 257, 400, 500, 514, 625, 720, 841, 1000]) {
    const bits = Array.from({ length }, (_, i) => ((i * i * 7 + (i >> 1)) % 11) & 1).join("");
    const sequence = BitSequence.fromText(bits);
    const expected = naiveSquaredModuli(sequence.bits);
    assertClose([...squaredModuli(sequence.bits)], expected, `n = ${length}`, 1e-7);
  }
});
