import type { KeyDerivation } from "../../../root-key/suites/key-derivation.ts";
import { SeededRandom } from "../../random/seeded-random.ts";
import { FlipCounter, type FlipCounts, type FlipPlan } from "./flip-counts.ts";

/** Trials with a random source of their own: blocks can be counted in any order and in any thread. */
export interface FlipBlock {
  readonly seed: string;
  /** Its number among those of the seed. */
  readonly block: number;
  readonly trials: number;
  readonly plan: FlipPlan;
}

/** The trials of one block. Inputs are the same for every derivation. */
export function countFlipBlock(
  derive: KeyDerivation,
  { seed, block, trials, plan }: FlipBlock,
): FlipCounts {
  const counter = new FlipCounter(derive, plan);
  const random = new SeededRandom(seed, `inputs of the avalanche, block ${block}`);
  for (let trial = 0; trial < trials; trial++) counter.count(random);
  return counter.counts;
}
