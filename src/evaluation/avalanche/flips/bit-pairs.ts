import { SeededRandom } from "../../random/seeded-random.ts";
import { OUTPUT_BITS } from "./derivation-input.ts";

/** Two different output bits, and the input bit that is flipped. */
export interface BitPair {
  /** A place among the input bits that are flipped. */
  readonly input: number;
  readonly first: number;
  readonly second: number;
}

/** Pairs drawn at random: all of them would be 32,640 for each input bit. */
export function samplePairs(seed: string, count: number, inputBitCount: number): BitPair[] {
  const random = new SeededRandom(seed, "pairs of output bits");
  return Array.from({ length: count }, () => {
    const first = random.uint32() % OUTPUT_BITS;
    const second = (first + 1 + (random.uint32() % (OUTPUT_BITS - 1))) % OUTPUT_BITS;
    return { input: random.uint32() % inputBitCount, first, second };
  });
}
