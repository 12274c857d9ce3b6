import * as Plot from "@observablehq/plot";
import type { FrameContent } from "../../../root-key/cost/exchange.ts";
import { CATEGORY_COLOURS, drawPlot } from "../../report/plot.ts";
import type { Drawing, Figure } from "../../report/section.ts";
import type { ComputationEnergy } from "../computation-energy.ts";
import { airFlow } from "../flows.ts";
import type { AirCostResult, EnergyPart } from "../measure.ts";
import { REFERENCE_PARAMETERS, rateOf, referenceRows, type Shown } from "../selection.ts";

const SHOWN: Shown = {
  region: "EU868",
  modulations: ["SF7BW125", "SF12BW125"],
  flows: ["paper", "plain", "healing", "join"],
};
const COMPUTATION = "computation";

/** In the order of the flow. */
const CONTENT_LABELS: Readonly<Partial<Record<FrameContent, string>>> = {
  opening: "opening uplink",
  request: "request",
  confirmation: "confirmation",
  proof: "proof (New Key Ready)",
  answer: "answer",
  join: "join",
  rekey: "RekeyInd, RekeyConf",
};
const COLOURS = [...CATEGORY_COLOURS, "#f0e442", "#000000"];

interface Part {
  readonly flow: string;
  readonly content: string;
  readonly energyMj: number;
}

/** What the energy of an update goes into. */
export function energyPartsFigure({ parts, computations }: AirCostResult): Figure {
  const shown = referenceRows(parts, SHOWN);
  const byModulation = SHOWN.modulations.map((modulation) => {
    const rows = shown.filter((row) => row.modulation === modulation);
    return {
      rate: rows[0] === undefined ? modulation : rateOf(rows[0]),
      parts: [...rows.map(partOf), ...computationParts(computations)],
    };
  });
  return {
    id: "air-cost-parts",
    caption:
      "What the energy of one update goes into, at a fast and at a slow data rate. Computation is the Rabbit " +
      "KDF and, in a healing update, X25519 as well: it is the last part of each bar, however thin.",
    description:
      "Two charts of stacked horizontal bars, a bar for each flow, with a part for each message, for " +
      "the join and for computation.",
    parameters: {
      region: SHOWN.region,
      ...REFERENCE_PARAMETERS,
      core: "Cortex-M4, 100 µA/MHz",
    },
    drawings: byModulation.map(({ rate, parts: ofRate }) => drawParts(rate, ofRate)),
    data: {
      id: "air-cost-parts",
      caption: "What the energy goes into",
      columns: [
        { name: "Data rate" },
        { name: "Flow" },
        { name: "Part" },
        { name: "Energy", unit: "mJ" },
      ],
      rows: byModulation.flatMap(({ rate, parts: ofRate }) =>
        ofRate.map(({ flow, content, energyMj }) => [rate, flow, content, energyMj]),
      ),
    },
  };
}

function partOf({ flow, content, energyMj }: EnergyPart): Part {
  return {
    flow: airFlow(flow).label,
    content: CONTENT_LABELS[content] ?? content,
    energyMj,
  };
}

function computationParts(computations: readonly ComputationEnergy[]): Part[] {
  const ofCore = computations.filter(({ core }) => core === "Cortex-M4");
  const sum = (names: readonly string[]) =>
    ofCore
      .filter(({ name }) => names.some((start) => name.startsWith(start)))
      .reduce((total, { energyUj }) => total + energyUj / 1_000, 0);
  return [
    { flow: airFlow("paper").label, content: COMPUTATION, energyMj: sum(["Rabbit"]) },
    { flow: airFlow("plain").label, content: COMPUTATION, energyMj: sum(["Rabbit"]) },
    { flow: airFlow("healing").label, content: COMPUTATION, energyMj: sum(["Rabbit", "X25519"]) },
  ];
}

function drawParts(title: string, parts: readonly Part[]): Drawing {
  const contents = [...Object.values(CONTENT_LABELS), COMPUTATION];
  return {
    title,
    svg: drawPlot({
      height: 72 + 36 * SHOWN.flows.length,
      marginLeft: 120,
      marginRight: 30,
      marginBottom: 48,
      x: { label: "Energy of one update (mJ)", labelOffset: 42, grid: true },
      y: { domain: SHOWN.flows.map((id) => airFlow(id).label), label: null },
      color: { domain: contents, range: COLOURS, legend: true },
      marks: [
        Plot.barX(parts, {
          x: "energyMj",
          y: "flow",
          fill: "content",
          order: contents,
          stroke: "white",
          strokeWidth: 0.5,
        }),
        Plot.ruleX([0]),
      ],
    }),
  };
}
