import fc from "fast-check";
import { BitSequence } from "../../../../src/evaluation/sp800-22/bit-sequence.ts";

export interface Lengths {
  readonly minLength: number;
  readonly maxLength: number;
}

/** Sequences with a share of ones from none to all, and now and then a short pattern over and over. */
export function bitSequences(lengths: Lengths): fc.Arbitrary<BitSequence> {
  const { minLength, maxLength } = lengths;
  const biased = fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 15 }), { ...lengths, size: "max" }),
      fc.integer({ min: 0, max: 16 }),
    )
    .map(([numbers, limit]) => numbers.map((value) => (value < limit ? "1" : "0")).join(""));
  const periodic = fc
    .tuple(fc.stringMatching(/^[01]{1,12}$/), fc.integer({ min: minLength, max: maxLength }))
    .map(([pattern, length]) => pattern.repeat(length).slice(0, length));
  return fc
    .oneof({ weight: 4, arbitrary: biased }, { weight: 1, arbitrary: periodic })
    .map((text) => BitSequence.fromText(text));
}

export function complementOf({ bits }: BitSequence): BitSequence {
  return BitSequence.fromText(Array.from(bits, (bit) => 1 - bit).join(""));
}

export function reversalOf({ bits }: BitSequence): BitSequence {
  return BitSequence.fromText(Array.from(bits).reverse().join(""));
}
