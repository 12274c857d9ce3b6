import * as Plot from "@observablehq/plot";
import { drawPlot } from "../../report/plot.ts";
import type { Drawing, Figure } from "../../report/section.ts";
import { AIR_FLOWS, airFlow } from "../flows.ts";
import type { AirCost, AirCostResult } from "../measure.ts";
import { isReference, REFERENCE_PARAMETERS, rateOf } from "../selection.ts";

const SHOWN = AIR_FLOWS.filter(({ id }) => id !== "rejoin-1").map(({ id }) => id);
/** Of the page: what Observable Plot chooses has two that look alike in grey at this size. */
const SYMBOLS = ["circle", "plus", "triangle", "square", "times"] as const;

/** Energy of one update by data rate: a drawing a region. */
export function updateEnergyFigure({ costs }: AirCostResult): Figure {
  const shown = costs.filter((row) => isReference(row) && SHOWN.includes(row.flow));
  const regionNames = [...new Set(shown.map(({ region }) => region))];
  return {
    id: "air-cost-update",
    caption:
      "Radio energy of one update, the join at its end included, beside that of a join and a rejoin alone. " +
      "Energies are on a logarithmic scale.",
    description:
      "For each region a chart with a row for each data rate. In each row a mark for each flow shows its " +
      "energy in millijoules.",
    parameters: REFERENCE_PARAMETERS,
    drawings: regionNames.map((name) =>
      drawRegion(
        name,
        shown.filter(({ region }) => region === name),
      ),
    ),
    data: {
      id: "air-cost-update",
      caption: "Radio energy of one update",
      columns: [
        { name: "Region" },
        { name: "Data rate" },
        { name: "Flow" },
        { name: "Energy", unit: "mJ" },
      ],
      rows: shown.map((row) => [row.region, rateOf(row), airFlow(row.flow).label, row.energyMj]),
    },
  };
}

function drawRegion(title: string, rows: readonly AirCost[]): Drawing {
  const points = rows.map((row) => ({
    rate: rateOf(row),
    flow: airFlow(row.flow).label,
    energyMj: row.energyMj,
  }));
  const rates = [...new Set(points.map(({ rate }) => rate))];
  const labels = SHOWN.map((id) => airFlow(id).label);
  return {
    title,
    svg: drawPlot({
      height: 80 + 32 * rates.length,
      marginLeft: 130,
      marginRight: 30,
      marginBottom: 48,
      x: {
        type: "log",
        label: "Energy of one update (mJ)",
        labelOffset: 42,
        grid: true,
        inset: 8,
        tickFormat: ",",
      },
      y: { type: "point", domain: rates, label: null },
      color: { domain: labels },
      symbol: { domain: labels, range: [...SYMBOLS], legend: true },
      marks: [
        Plot.ruleY(rates, { strokeOpacity: 0.15 }),
        Plot.dot(points, {
          x: "energyMj",
          y: "rate",
          stroke: "flow",
          symbol: "flow",
          r: 5,
          strokeWidth: 1.8,
        }),
      ],
    }),
  };
}
