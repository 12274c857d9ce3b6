import { formatNumber } from "../report/format-number.ts";
import type { Finding } from "../report/section.ts";
import { kdfFinding } from "./kdf-finding.ts";
import type { AirCost, AirCostResult, PolicyCost } from "./measure.ts";
import { POLICY_YEARS } from "./policies.ts";
import { REFERENCE_RADIO } from "./radios.ts";
import { counterpart, extremes, isReference, percent, placeOf } from "./selection.ts";

/** A policy that takes less of the battery than this is called cheap. */
const CHEAP_BATTERY_SHARE = 0.01;

export function airCostFindings(result: AirCostResult): Finding[] {
  return [
    kdfFinding(result),
    shortestPeriodFinding(result),
    monthlyFinding(result),
    cheaperThanPaperFinding(result),
    healingFinding(result),
    joinFinding(result),
  ];
}

/** Whether a device can do it at all. */
export function isPossible({ tenYearBatteryShare, dutyCycleShare }: PolicyCost): boolean {
  return tenYearBatteryShare <= 1 && (dutyCycleShare ?? 0) <= 1;
}

function shortestPeriodFinding({ policies }: AirCostResult): Finding {
  const ofPaper = policies.filter(
    (row) => isReference(row) && row.flow === "paper" && row.period === "2^11 s",
  );
  const possible = ofPaper.filter(isPossible);
  const [least, most] = extremes(ofPaper, (row) => row.tenYearBatteryShare);
  return {
    outcome: possible.length === ofPaper.length ? "shown" : "refuted",
    claim:
      "A device can update its root keys every 2^11 s, the lower bound that section 4 of the paper gives without a " +
      "cost, at every data rate.",
    evidence:
      `With the paper's flow, ${POLICY_YEARS} years of updates every 2^11 s take ` +
      `${percent(least.tenYearBatteryShare)} of a battery of 2,400 mAh at ${placeOf(least)} and ` +
      `${percent(most.tenYearBatteryShare)} at ${placeOf(most)}; the device can keep it up at ` +
      `${possible.length} of ${ofPaper.length} data rates, if it does nothing else.`,
  };
}

function monthlyFinding({ policies }: AirCostResult): Finding {
  const monthly = policies.filter(
    ({ flow, period }) => period === "a month" && (flow === "plain" || flow === "healing"),
  );
  const [, most] = extremes(monthly, (row) => row.tenYearBatteryShare);
  const isCheap = most.tenYearBatteryShare < CHEAP_BATTERY_SHARE;
  return {
    outcome: isCheap ? "shown" : "refuted",
    claim: `Monthly updates, plain or healing, take less than ${percent(CHEAP_BATTERY_SHARE)} of a battery of 2,400 mAh in ${POLICY_YEARS} years at every data rate.`,
    evidence:
      `The most is ${percent(most.tenYearBatteryShare)}: ${most.flow} updates at ${placeOf(most)}, ` +
      `${percent(most.loss)} of the frames lost each way, with ${REFERENCE_RADIO.label}.`,
  };
}

function cheaperThanPaperFinding({ costs }: AirCostResult): Finding {
  const ratios = ratiosTo(costs, "plain");
  const [least, most] = extremes(ratios, ({ ratio }) => ratio);
  return {
    outcome: most.ratio < 1 ? "shown" : "refuted",
    claim: "A plain update of this project takes less radio energy than the paper's flow.",
    evidence:
      `It takes ${formatNumber(least.ratio, 3)} (${placeOf(least.row)}) to ${formatNumber(most.ratio, 3)} ` +
      `(${placeOf(most.row)}) times as much in ${ratios.length} circumstances: regions, data rates, ` +
      "versions and carriers, radios, losses. The sizes of the paper's messages are assumed.",
  };
}

function healingFinding({ costs, computations }: AirCostResult): Finding {
  const ratios = ratiosTo(
    costs.filter(({ loss }) => loss === 0),
    "healing",
  );
  const x25519 = computations.filter(({ isKeyDerivation }) => !isKeyDerivation);
  const cheaper = ratios.filter(({ ratio }) => ratio <= 1);
  const [least, most] = extremes(ratios, ({ ratio }) => ratio);
  return {
    outcome: cheaper.length === ratios.length ? "shown" : "refuted",
    claim: "A healing update, with X25519, takes at most the radio energy of the paper's flow.",
    evidence:
      `Without losses this holds in ${cheaper.length} of ${ratios.length} circumstances; the ratio is ` +
      `${formatNumber(least.ratio, 3)} (${placeOf(least.row)}) to ${formatNumber(most.ratio, 3)} ` +
      `(${placeOf(most.row)}), its median ${formatNumber(median(ratios.map(({ ratio }) => ratio)), 3)}. Beside the radio, X25519 ` +
      `itself takes ${x25519.map(({ core, energyUj }) => `${formatNumber(energyUj / 1_000, 2)} mJ on a ${core}`).join(" and ")}, reckoned as the key derivations are.`,
  };
}

function joinFinding({ costs }: AirCostResult): Finding {
  const shares = costs.flatMap((row) => {
    const join = counterpart(costs, row, "join");
    return row.flow === "plain" && join !== undefined
      ? [{ row, share: join.energyMj / row.energyMj }]
      : [];
  });
  const [least, most] = extremes(shares, ({ share }) => share);
  return {
    outcome: least.share > 1 / 3 ? "shown" : "refuted",
    claim: "The join at its end takes more than a third of the radio energy of a plain update.",
    evidence:
      `${percent(least.share)} (${placeOf(least.row)}) to ${percent(most.share)} (${placeOf(most.row)}), the confirmation of the session ` +
      "keys in LoRaWAN 1.1 included.",
  };
}

/** Energy of a flow by that of the paper's in the same circumstances. */
function ratiosTo(
  costs: readonly AirCost[],
  flow: "plain" | "healing",
): { row: AirCost; ratio: number }[] {
  return costs.flatMap((row) => {
    const paper = row.flow === flow ? counterpart(costs, row, "paper") : undefined;
    return paper === undefined ? [] : [{ row, ratio: row.energyMj / paper.energyMj }];
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
