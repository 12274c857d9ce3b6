import * as Plot from "@observablehq/plot";
import { formatNumber } from "../../report/format-number.ts";
import { drawPlot } from "../../report/plot.ts";
import type { Drawing, Figure } from "../../report/section.ts";
import {
  IDEAL_MEAN,
  IDEAL_STANDARD_DEVIATION,
  standardErrorOfDeviation,
  standardErrorOfMean,
} from "../ideal.ts";
import type { OctetSeries } from "../measure.ts";
import type { OctetOfKeys } from "../octet-statistics.ts";
import { commonSizes, nameOf, sampleOf } from "../verdicts.ts";
import { GRID_OPTIONS, gridCell, gridHeight, gridMarks, isShown } from "./grid.ts";

/** The paper's Figure 7b: standard deviation and mean of each octet, for every source of keys. */
export function spreadFigure(all: readonly OctetSeries[]): Figure {
  const series = all.filter(isShown);
  const sizes = commonSizes(all);
  return {
    id: "figure-7b",
    caption:
      "Figure 7b, read as the standard deviation of each octet position over the keys, and the mean of each. " +
      "The line is the ideal, the band two standard errors on either side: 95 of 100 octets are in it.",
    description:
      "Two groups of small charts for each number of keys, one for each source of keys, each with a point for each of the " +
      "sixteen octets, a line at the ideal and a band around it.",
    parameters: {
      keys: sizes.map((keys) => formatNumber(keys)).join("; "),
      "key of the suites": "NwkKey' (k'a)",
    },
    drawings: sizes.flatMap((keys) => [
      drawOctets(series, {
        keys,
        what: "Standard deviation of each octet",
        member: "standardDeviation",
        ideal: IDEAL_STANDARD_DEVIATION,
        error: standardErrorOfDeviation(keys),
      }),
      drawOctets(series, {
        keys,
        what: "Mean of each octet",
        member: "mean",
        ideal: IDEAL_MEAN,
        error: standardErrorOfMean(keys),
      }),
    ]),
    data: {
      id: "figure-7b",
      caption: "Standard deviation and mean of each octet",
      columns: [
        { name: "Keys" },
        { name: "Number of keys" },
        { name: "Octet" },
        { name: "Standard deviation" },
        { name: "Mean" },
      ],
      rows: all.flatMap((one) =>
        one.samples.flatMap(({ keys, octets }) =>
          octets.map(({ standardDeviation, mean }, octet) => [
            nameOf(one),
            keys,
            octet,
            standardDeviation,
            mean,
          ]),
        ),
      ),
    },
  };
}

interface SpreadDrawing {
  readonly keys: number;
  readonly what: string;
  readonly member: keyof Pick<OctetOfKeys, "mean" | "standardDeviation">;
  readonly ideal: number;
  readonly error: number;
}

function drawOctets(
  series: readonly OctetSeries[],
  { keys, what, member, ideal, error }: SpreadDrawing,
): Drawing {
  const points = series.flatMap((one, index) =>
    sampleOf(one, keys).octets.map((octet, position) => ({
      ...gridCell(index),
      position,
      value: octet[member],
    })),
  );
  const band = [{ low: ideal - 2 * error, high: ideal + 2 * error }];
  return {
    title: `${what}, ${formatNumber(keys)} keys`,
    svg: drawPlot({
      ...GRID_OPTIONS,
      height: gridHeight(series.length, 130),
      marginLeft: 66,
      marginBottom: 44,
      x: { domain: [-0.5, 15.5], ticks: [0, 3, 6, 9, 12, 15], label: "Octet" },
      y: {
        label: what,
        labelAnchor: "center",
        labelOffset: 56,
        ticks: 4,
        nice: true,
      },
      marks: [
        Plot.rectY(band, { y1: "low", y2: "high", x1: -0.5, x2: 15.5, fillOpacity: 0.1 }),
        Plot.ruleY([ideal], { strokeOpacity: 0.6 }),
        Plot.dot(points, {
          fx: "column",
          fy: "row",
          x: "position",
          y: "value",
          fill: "#0072b2",
          r: 2.6,
        }),
        ...gridMarks(series),
      ],
    }),
  };
}
