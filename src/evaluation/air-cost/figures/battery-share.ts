import * as Plot from "@observablehq/plot";
import { BATTERY_MJ, YEAR_MS } from "../../../root-key/cost/yearly-cost.ts";
import { drawPlot } from "../../report/plot.ts";
import type { Figure } from "../../report/section.ts";
import type { ComputationEnergy } from "../computation-energy.ts";
import { airFlow } from "../flows.ts";
import type { AirCostResult, PolicyCost } from "../measure.ts";
import { POLICY_YEARS, UPDATE_PERIODS } from "../policies.ts";
import { extremes, REFERENCE_PARAMETERS, rateOf, referenceRows, type Shown } from "../selection.ts";

const SHOWN: Shown = {
  region: "EU868",
  modulations: ["SF12BW125", "SF10BW125", "SF7BW125"],
  flows: ["paper", "plain", "healing", "join"],
};

interface Point {
  readonly rate: string;
  readonly series: string;
  readonly periodS: number;
  readonly share: number;
}

/** What ten years of updates take of a battery, by how often they are made. */
export function policyFigure(result: AirCostResult): Figure {
  const rows = referenceRows(result.policies, SHOWN);
  const points = [...rows.map(pointOf), ...computationPoints(rows, result.computations)];
  return {
    id: "air-cost-policy",
    caption:
      `Share of a battery of 2,400 mAh that ${POLICY_YEARS} years of updates take, by the time between two ` +
      "updates; a join alone and the key derivation alone for scale. Both scales are logarithmic; above the " +
      "line of 100 % a policy is impossible.",
    description:
      "Three charts, one for each of three data rates. Straight lines fall from short to long periods: one " +
      "for each flow, one for a join alone, two for key derivations alone.",
    parameters: {
      region: SHOWN.region,
      ...REFERENCE_PARAMETERS,
      core: "Cortex-M4, 100 µA/MHz (assumed)",
    },
    drawings: [{ svg: drawShares(points) }],
    data: {
      id: "air-cost-policy",
      caption: "Share of the battery by update period",
      columns: [
        { name: "Data rate" },
        { name: "What" },
        { name: "Period", unit: "s" },
        { name: "Share of the battery" },
      ],
      rows: points.map(({ rate, series, periodS, share }) => [rate, series, periodS, share]),
    },
  };
}

function pointOf(row: PolicyCost): Point {
  const period = UPDATE_PERIODS.find(({ label }) => label === row.period);
  return {
    rate: rateOf(row),
    series: airFlow(row.flow).label,
    periodS: period?.periodS ?? Number.NaN,
    share: row.tenYearBatteryShare,
  };
}

/** The cheapest and the dearest derivation on the core for which instructions of all are lowest. */
function computationPoints(
  rows: readonly PolicyCost[],
  computations: readonly ComputationEnergy[],
): Point[] {
  const derivations = computations.filter(
    ({ isKeyDerivation, core }) => isKeyDerivation && core === "Cortex-M4",
  );
  const rates = [...new Set(rows.map(rateOf))];
  return extremes(derivations, ({ energyUj }) => energyUj).flatMap(({ name, energyUj }) =>
    rates.flatMap((rate) =>
      UPDATE_PERIODS.map(({ periodS }) => {
        const updates = (POLICY_YEARS * YEAR_MS) / (1_000 * periodS);
        return {
          rate,
          series: `${name} alone`,
          periodS,
          share: (updates * energyUj) / 1_000 / BATTERY_MJ,
        };
      }),
    ),
  );
}

function drawShares(points: readonly Point[]): string {
  const series = [...new Set(points.map((point) => point.series))];
  const rates = [...new Set(points.map(({ rate }) => rate))];
  return drawPlot({
    width: 900,
    height: 420,
    marginLeft: 90,
    marginBottom: 66,
    fx: { domain: rates, label: null },
    // A logarithmic scale of Plot leaves out labels of ticks that are no powers of its base.
    x: {
      label: "Time between two updates (logarithmic)",
      labelOffset: 60,
      inset: 8,
      ticks: UPDATE_PERIODS.map(({ periodS }) => Math.log10(periodS)),
      // A drawing has no raised letters of its own: what the page makes of 2^11.
      tickFormat: (_: number, index: number) =>
        UPDATE_PERIODS[index]?.label.replace("^11", "¹¹") ?? "",
      tickRotate: -35,
    },
    y: {
      type: "log",
      label: `Share of the battery in ${POLICY_YEARS} years (%)`,
      labelAnchor: "center",
      labelOffset: 74,
      grid: true,
      tickFormat: (value: number) => (isPowerOfTen(value) ? String(value) : ""),
    },
    color: { domain: series },
    symbol: {
      domain: series,
      range: ["circle", "plus", "triangle", "square", "times", "star"],
      legend: true,
    },
    marks: [
      Plot.frame({ strokeOpacity: 0.2 }),
      Plot.ruleY([100], { strokeDasharray: "5,3" }),
      Plot.line(points, {
        fx: "rate",
        x: (point: Point) => Math.log10(point.periodS),
        y: (point: Point) => 100 * point.share,
        stroke: "series",
        strokeWidth: 1.4,
      }),
      Plot.dot(points, {
        fx: "rate",
        x: (point: Point) => Math.log10(point.periodS),
        y: (point: Point) => 100 * point.share,
        stroke: "series",
        symbol: "series",
        r: 3.5,
      }),
    ],
  });
}

function isPowerOfTen(value: number): boolean {
  return Number.isInteger(Math.round(1e6 * Math.log10(value)) / 1e6);
}
