import { formatNumber } from "../report/format-number.ts";
import type { Finding } from "../report/section.ts";
import type { ComputationEnergy } from "./computation-energy.ts";
import type { AirCost, AirCostResult } from "./measure.ts";
import { extremes, percent, placeOf } from "./selection.ts";

/** A saving below this share of an update makes nothing affordable that was not. */
const NOTICEABLE_SAVING = 0.01;

/** What a faster key derivation saves of an update. */
interface KdfSaving {
  readonly row: AirCost;
  /** From the slowest derivation to Rabbit, by the energy of the update with the slowest. */
  readonly share: number;
}

/**
 * The saving in every circumstance, on the core where it is greatest. Losses make the radio's part greater
 * and the saving smaller, so rows with losses are left out.
 */
function kdfSavings({ costs, computations }: AirCostResult): KdfSaving[] {
  const { slowest, rabbit } = greatestDifference(computations);
  return costs
    .filter(({ flow, loss }) => loss === 0 && (flow === "paper" || flow === "plain"))
    .map((row) => {
      const slowestMj = slowest.energyUj / 1_000;
      const saving = slowestMj - rabbit.energyUj / 1_000;
      return { row, share: saving / (row.energyMj + slowestMj) };
    });
}

/** The paper's central argument on costs. */
export function kdfFinding(result: AirCostResult): Finding {
  const { slowest, rabbit } = greatestDifference(result.computations);
  const savings = kdfSavings(result);
  const [least, most] = extremes(savings, ({ share }) => share);
  return {
    outcome: outcomeOf(least.share, most.share),
    claim:
      "A faster key derivation makes frequent updates of root keys more affordable for devices with constrained power (section 4 of the paper).",
    evidence:
      `Rabbit instead of ${slowest.name}, on a ${slowest.core} (${formatNumber(rabbit.energyUj, 2)} instead of ` +
      `${formatNumber(slowest.energyUj, 2)} µJ, from quoted instruction counts and assumed currents), saves ` +
      `${percent(least.share)} (${placeOf(least.row)}) to ${percent(most.share)} (${placeOf(most.row)}) of the ` +
      `energy of an update in ${savings.length} circumstances. The radio takes ` +
      `${formatNumber((1_000 * least.row.energyMj) / slowest.energyUj, 2)} to ` +
      `${formatNumber((1_000 * most.row.energyMj) / slowest.energyUj, 2)} times the slowest derivation: ` +
      "messages and the join decide how often keys can change.",
  };
}

/** Only what is so at every data rate is decided. */
function outcomeOf(least: number, most: number): Finding["outcome"] {
  if (most < NOTICEABLE_SAVING) return "not-reproduced";
  return least >= NOTICEABLE_SAVING ? "reproduced" : "undecidable";
}

function greatestDifference(computations: readonly ComputationEnergy[]): {
  slowest: ComputationEnergy;
  rabbit: ComputationEnergy;
} {
  const derivations = computations.filter(({ isKeyDerivation }) => isKeyDerivation);
  const pairs = derivations
    .filter(({ name }) => name.startsWith("Rabbit"))
    .map((rabbit) => {
      const ofCore = derivations.filter(({ core }) => core === rabbit.core);
      return { rabbit, slowest: extremes(ofCore, ({ energyUj }) => energyUj)[1] };
    });
  return extremes(pairs, ({ slowest, rabbit }) => slowest.energyUj - rabbit.energyUj)[1];
}
