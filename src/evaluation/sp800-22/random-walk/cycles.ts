import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";

/** Of the random excursions test: x = -4 ... 4. */
const FARTHEST_STATE = 4;
/** Of its variant: x = -9 ... 9. */
const FARTHEST_VARIANT_STATE = 9;
/** The last class of a cycle's visits to a state: five or more. */
const MOST_VISITS = 5;
const CLASSES = MOST_VISITS + 1;

/** The random walk of sections 2.14 and 2.15, taken apart where it returns to zero. */
export interface Cycles {
  /** J: from one zero to the next; what is after the last zero is a cycle too. */
  readonly count: number;
  /** J >= max(0.005 sqrt(n), 500): below it neither test is carried out. */
  readonly areEnough: boolean;
  /**
   * Cycles by how often they visit x: 0, 1, 2, 3, 4, and 5 or more times.
   *
   * @param x -4 to 4, not 0
   */
  cyclesByVisits(x: number): readonly number[];
  /**
   * xi(x): visits in all cycles together.
   *
   * @param x -9 to 9, not 0
   */
  totalVisits(x: number): number;
}

/** @throws WarrenError `value-out-of-range` for an empty sequence */
export function walkCycles({ bits }: BitSequence): Cycles {
  requireWithin("sequence length", bits.length, { from: 1 });
  const states = 2 * FARTHEST_STATE + 1;
  const totals = new Int32Array(2 * FARTHEST_VARIANT_STATE + 1);
  const byVisits = new Int32Array(states * CLASSES);
  const visits = new Int32Array(states);
  let count = 0;
  const endCycle = (): void => {
    count++;
    for (let state = 0; state < states; state++) {
      const chosen = state * CLASSES + Math.min(visits[state] ?? 0, MOST_VISITS);
      byVisits[chosen] = (byVisits[chosen] ?? 0) + 1;
    }
    visits.fill(0);
  };
  let sum = 0;
  for (let i = 0; i < bits.length; i++) {
    sum += 2 * (bits[i] ?? 0) - 1;
    // Indexing a typed array out of its bounds is slow, so far states are kept from it.
    if (sum < -FARTHEST_VARIANT_STATE || sum > FARTHEST_VARIANT_STATE) continue;
    const variantState = sum + FARTHEST_VARIANT_STATE;
    totals[variantState] = (totals[variantState] ?? 0) + 1;
    if (sum < -FARTHEST_STATE || sum > FARTHEST_STATE) continue;
    const state = sum + FARTHEST_STATE;
    visits[state] = (visits[state] ?? 0) + 1;
    if (sum === 0) endCycle();
  }
  if (sum !== 0) endCycle();
  return {
    count,
    areEnough: count >= Math.max(0.005 * Math.sqrt(bits.length), 500),
    cyclesByVisits: (x) => {
      const first = (x + FARTHEST_STATE) * CLASSES;
      return [...byVisits.subarray(first, first + CLASSES)];
    },
    totalVisits: (x) => totals[x + FARTHEST_VARIANT_STATE] ?? 0,
  };
}
