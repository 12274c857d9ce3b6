import { findKeyStreamSource } from "../key-streams/key-stream-sources.ts";
import { takeOctets } from "../key-streams/take-octets.ts";
import { BitSequence } from "../sp800-22/bit-sequence.ts";
import { RANDOMNESS_TESTS } from "../sp800-22/tests.ts";
import { isLongEnough } from "./recommended-length.ts";

/** One sequence: all that a worker must know to make it and to test it. */
export interface SequenceTask {
  /** Id of a `KeyStreamSource`. */
  readonly source: string;
  readonly seed: string;
  /** The number of the sequence in its set, from 0. */
  readonly sequence: number;
  /** A multiple of 8. */
  readonly lengthBits: number;
}

/**
 * Makes a sequence of keys, one behind the other, the most significant bit of each octet first, and runs
 * every test on it that the standard recommends for such a length.
 *
 * @returns the P-values in the order of `RANDOMNESS_TESTS` and their variants; null where a test does not apply
 */
export function testSequence(task: SequenceTask): (number | null)[] {
  const stream = findKeyStreamSource(task.source).open(task);
  const sequence = BitSequence.fromOctets(takeOctets(stream, task.lengthBits / 8));
  return RANDOMNESS_TESTS.flatMap((test) => {
    const pValues = isLongEnough(test.id, task.lengthBits) ? test.pValues(sequence) : [];
    return test.variants.map((_, index) => pValues[index] ?? null);
  });
}
