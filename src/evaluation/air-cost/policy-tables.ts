import type { Table } from "../report/section.ts";
import { isPossible } from "./findings.ts";
import { airFlow } from "./flows.ts";
import type { AirCostResult, PolicyCost } from "./measure.ts";
import { hasDutyCycle, POLICY_YEARS } from "./policies.ts";
import { isReference, placeOf } from "./selection.ts";
import { CONDITION_COLUMNS, conditionCells } from "./update-tables.ts";

const SHOWN_MODULATIONS: Readonly<Record<string, readonly string[]>> = {
  EU868: ["SF12BW125", "SF7BW125"],
  US915: ["SF10BW125", "SF7BW125"],
};
const SHOWN_FLOWS: readonly string[] = ["paper", "plain", "healing"];

/** Policies at the slowest and at a fast data rate of each region. */
export function policyTable({ policies }: AirCostResult): Table {
  const candidates = policies.filter((row) => isReference(row) && SHOWN_FLOWS.includes(row.flow));
  // By place, so that flows stand below one another.
  const shown = Object.entries(SHOWN_MODULATIONS).flatMap(([name, modulations]) =>
    modulations.flatMap((shownModulation) =>
      candidates.filter(
        ({ region, modulation }) => region === name && modulation === shownModulation,
      ),
    ),
  );
  return {
    id: "air-cost-policies",
    caption: `What updates take of a battery of 2,400 mAh in ${POLICY_YEARS} years, and of the duty cycle`,
    columns: [
      { name: "Data rate" },
      { name: "Flow" },
      { name: "An update every" },
      { name: "Updates a year", digits: 3 },
      { name: "Battery", unit: "%", digits: 2 },
      { name: "Duty cycle", unit: "%", digits: 2 },
      { name: "Possible" },
    ],
    rows: shown.map((row) => [
      placeOf(row),
      airFlow(row.flow).label,
      row.period,
      row.updatesPerYear,
      100 * row.tenYearBatteryShare,
      row.dutyCycleShare === null ? null : 100 * row.dutyCycleShare,
      verdict(row),
    ]),
    notes: [
      "Battery: updates and the joins at their ends, nothing else that a device does; self-discharge is left out.",
      "Duty cycle: of the 1 % of most channels of EU868; a region without such a rule has none here. Both are " +
        "means over a year.",
    ],
  };
}

export function allPoliciesTable({ policies }: AirCostResult): Table {
  return {
    id: "air-cost-policies-all",
    caption: "Policies in every circumstance, with the reference radio",
    columns: [
      ...CONDITION_COLUMNS,
      { name: "An update every" },
      { name: "Updates a year" },
      { name: "Share of the battery in ten years" },
      { name: "Share of the duty cycle" },
      { name: "Possible" },
    ],
    rows: policies.map((row) => [
      ...conditionCells(row),
      row.period,
      row.updatesPerYear,
      row.tenYearBatteryShare,
      row.dutyCycleShare,
      verdict(row),
    ]),
    isDataOnly: true,
  };
}

function verdict(row: PolicyCost): string {
  if (isPossible(row)) return "yes";
  const reasons = [
    ...(row.tenYearBatteryShare > 1 ? ["the battery is empty before"] : []),
    ...(hasDutyCycle(row.region) && (row.dutyCycleShare ?? 0) > 1
      ? ["more than the duty cycle allows"]
      : []),
  ];
  return `no: ${reasons.join(", ")}`;
}
