import { xorBytes } from "../../../crypto/bytes/xor.ts";
import type { KeyDerivation } from "../../../root-key/suites/key-derivation.ts";
import type { SeededRandom } from "../../random/seeded-random.ts";
import type { BitPair } from "./bit-pairs.ts";
import {
  INPUT_BYTES,
  INPUT_PARTS,
  inputPartOf,
  OUTPUT_BITS,
  OUTPUT_BYTES,
  splitDerivationInput,
} from "./derivation-input.ts";

/** A number of changed bits is 0 to 256. */
export const CHANGED_BITS_BINS = OUTPUT_BITS + 1;

/**
 * Which bits are flipped, one at a time. Bit n is bit n mod 8 of octet floor(n / 8), bit 0 being the least
 * significant: of the input NwkKey ‖ AppKey ‖ context, and of the output NwkKey' ‖ AppKey' alike.
 */
export interface FlipPlan {
  readonly inputBits: readonly number[];
  /** `input` is a place in `inputBits`. */
  readonly pairs: readonly BitPair[];
}

/** How often bits of the output changed. All arrays of two dimensions are row by row. */
export interface FlipCounts {
  /** Random inputs, each with every bit of the plan flipped. */
  trials: number;
  /** [input bit of the plan][output bit]: in how many trials it changed. */
  readonly flips: Uint32Array;
  /** [part of the input][number of output bits that changed]: how many flips did so. */
  readonly changedBits: Uint32Array;
  /** [pair of the plan]: in how many trials both bits changed. */
  readonly bothFlipped: Uint32Array;
}

export function emptyFlipCounts({ inputBits, pairs }: FlipPlan): FlipCounts {
  return {
    trials: 0,
    flips: new Uint32Array(inputBits.length * OUTPUT_BITS),
    changedBits: new Uint32Array(INPUT_PARTS.length * CHANGED_BITS_BINS),
    bothFlipped: new Uint32Array(pairs.length),
  };
}

/** Adds counts of other trials with the same plan. */
export function addFlipCounts(sum: FlipCounts, counts: FlipCounts): void {
  sum.trials += counts.trials;
  for (const name of ["flips", "changedBits", "bothFlipped"] as const) {
    const into = sum[name];
    counts[name].forEach((count, index) => {
      into[index] = (into[index] as number) + count;
    });
  }
}

/** Flips bits of random inputs of one derivation and counts what comes of it. */
export class FlipCounter {
  readonly counts: FlipCounts;
  readonly #derive: KeyDerivation;
  readonly #plan: FlipPlan;
  /** Pairs of the plan by their input bit. */
  readonly #pairsOf: ReadonlyMap<number, readonly number[]>;

  constructor(derive: KeyDerivation, plan: FlipPlan) {
    this.counts = emptyFlipCounts(plan);
    this.#derive = derive;
    this.#plan = plan;
    this.#pairsOf = Map.groupBy(plan.pairs.keys(), (index) => (plan.pairs[index] as BitPair).input);
  }

  /** One trial: derives from a random input, then once more for every bit of the plan with that bit flipped. */
  count(random: SeededRandom): void {
    const input = random.bytes(INPUT_BYTES);
    const fields = splitDerivationInput(input);
    const before = outputOf(this.#derive, fields);
    this.#plan.inputBits.forEach((inputBit, place) => {
      const octet = inputBit >> 3;
      const mask = 1 << (inputBit & 7);
      input[octet] = (input[octet] as number) ^ mask;
      const after = outputOf(this.#derive, fields);
      input[octet] = (input[octet] as number) ^ mask;
      const difference = xorBytes(before, after);
      const changed = addFlips(this.counts.flips, place * OUTPUT_BITS, difference);
      increment(this.counts.changedBits, inputPartOf(octet) * CHANGED_BITS_BINS + changed);
      this.#countPairs(place, difference);
    });
    this.counts.trials++;
  }

  #countPairs(place: number, difference: Uint8Array): void {
    for (const index of this.#pairsOf.get(place) ?? []) {
      const { first, second } = this.#plan.pairs[index] as BitPair;
      if (bitOf(difference, first) + bitOf(difference, second) === 2) {
        increment(this.counts.bothFlipped, index);
      }
    }
  }
}

function outputOf(derive: KeyDerivation, fields: Parameters<KeyDerivation>[0]): Uint8Array {
  const { nwkKey, appKey } = derive(fields);
  const output = new Uint8Array(OUTPUT_BYTES);
  output.set(nwkKey);
  output.set(appKey, OUTPUT_BYTES / 2);
  return output;
}

/** Counts each bit of `difference` and returns how many are set. */
function addFlips(flips: Uint32Array, offset: number, difference: Uint8Array): number {
  let changed = 0;
  for (let bit = 0; bit < OUTPUT_BITS; bit++) {
    const flipped = bitOf(difference, bit);
    flips[offset + bit] = (flips[offset + bit] as number) + flipped;
    changed += flipped;
  }
  return changed;
}

function bitOf(octets: Uint8Array, bit: number): number {
  return ((octets[bit >> 3] as number) >> (bit & 7)) & 1;
}

function increment(counts: Uint32Array, index: number): void {
  counts[index] = (counts[index] as number) + 1;
}
