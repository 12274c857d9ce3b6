import { dot, ruleX } from "@observablehq/plot";
import { drawPlot } from "../../report/plot.ts";
import type { Figure, Table } from "../../report/section.ts";
import type { AvalancheResult } from "../avalanche-result.ts";

const DEGREES_OF_FREEDOM = 255;
/** Normal approximation of the middle 95 %. */
const EXPECTED_RANGE = [-1.96, 1.96].map(
  (deviations) => DEGREES_OF_FREEDOM + deviations * Math.sqrt(2 * DEGREES_OF_FREEDOM),
);

export function streamTable({ streams }: AvalancheResult): Table {
  return {
    id: "table-octets-of-streams",
    caption: "Chi-square of octets and serial correlation of streams of keys",
    columns: [
      { name: "Keys" },
      { name: "Octets" },
      { name: "Chi-square by position, least" },
      { name: "Most" },
      { name: "p of the farthest of 32" },
      { name: "Chi-square of all octets" },
      { name: "p" },
      { name: "Serial correlation" },
      { name: "In standard deviations" },
      { name: "p" },
    ],
    rows: streams.map((stream) => {
      const chiSquares = stream.positions.map(({ chiSquare }) => chiSquare);
      return [
        stream.label,
        stream.octets,
        Math.min(...chiSquares),
        Math.max(...chiSquares),
        stream.positionsPValue,
        stream.pooled.chiSquare,
        stream.pooled.pValue,
        stream.serialCorrelation,
        stream.serialDeviation,
        stream.serialPValue,
      ];
    }),
    notes: [
      "255 degrees of freedom: chi-square is 255 ± 22.6 for random octets. Too even is as unlikely as too " +
        "uneven, so the p of the farthest counts both ends.",
      "The p of all octets is the probability of as much or more, near 1 for values that are too even. The p of the " +
        "serial correlation counts both signs.",
      "The serial correlation is that of the tool ent; the standard deviation is 1 / sqrt(octets).",
    ],
  };
}

export function streamFigure({ streams }: AvalancheResult): Figure {
  const points = streams.flatMap(({ label, kind, positions }) =>
    positions.map(({ chiSquare, pValue }, position) => ({
      label,
      position,
      chiSquare,
      pValue,
      group: kind === "weak" ? "weak generator" : kind === "control" ? "control" : "suite",
    })),
  );
  const [octets = 0] = streams.map((stream) => stream.octets);
  return {
    id: "figure-octet-chi-square",
    caption:
      "Chi-square of each of the 32 octets of NwkKey' and AppKey' (of other generators: of two keys). Between " +
      "the lines are 95 % of the values of random octets.",
    description: `Dots on a logarithmic axis, a row for each of ${streams.length} streams of keys.`,
    parameters: { "octets of each stream": octets, "degrees of freedom": DEGREES_OF_FREEDOM },
    drawings: [
      {
        svg: drawPlot({
          height: 60 + 22 * streams.length,
          marginLeft: 150,
          marginBottom: 40,
          x: {
            type: "log",
            label: "Chi-square",
            labelAnchor: "center",
            grid: true,
            tickFormat: ",",
          },
          y: { type: "point", domain: streams.map(({ label }) => label), label: null },
          color: { legend: true, domain: ["suite", "weak generator", "control"] },
          marks: [
            ruleX(EXPECTED_RANGE, { strokeDasharray: "3,3" }),
            dot(points, { x: "chiSquare", y: "label", stroke: "group", r: 2.5, strokeWidth: 1 }),
          ],
        }),
      },
    ],
    data: {
      id: "figure-octet-chi-square-data",
      caption: "Chi-square and p-value of each octet",
      columns: [{ name: "Keys" }, { name: "Octet" }, { name: "Chi-square" }, { name: "p" }],
      rows: points.map(({ label, position, chiSquare, pValue }) => [
        label,
        position,
        chiSquare,
        pValue,
      ]),
      isDataOnly: true,
    },
  };
}
