import * as Plot from "@observablehq/plot";
import { formatNumber } from "../../report/format-number.ts";
import { drawPlot } from "../../report/plot.ts";
import type { Drawing, Figure } from "../../report/section.ts";
import { CHI_SQUARE_DEGREES } from "../ideal.ts";
import type { OctetSeries } from "../measure.ts";
import type { OctetStatistics } from "../octet-statistics.ts";
import { nameOf } from "../verdicts.ts";

const SYMBOLS = ["circle", "square"] as const;
const EACH = "each octet";
const POOLED = "all octets together";

interface Point {
  readonly name: string;
  readonly what: string;
  readonly chiSquare: number;
}

/** The test that Figure 7 lacks. */
export function chiSquareFigure(all: readonly OctetSeries[]): Figure {
  const sizes = [...new Set(all.flatMap(({ samples }) => samples.map(({ keys }) => keys)))];
  return {
    id: "octet-chi-squares",
    caption:
      "Chi-square of each octet position and of all together against equal frequencies of the 256 values " +
      "(255 degrees of freedom), by number of keys. The band is two standard deviations around 255: 95 of 100 " +
      "are in it. The scale is logarithmic; what is below 1 is drawn at 1.",
    description:
      "A chart for each number of keys, with a row for each source: a circle for each octet, a square for all " +
      "together, and a band around 255.",
    parameters: { "degrees of freedom": CHI_SQUARE_DEGREES },
    drawings: sizes.map((keys) => drawSize(keys, all)),
    data: {
      id: "octet-chi-squares",
      caption: "Chi-square of each octet and of all together",
      columns: [
        { name: "Keys" },
        { name: "Number of keys" },
        { name: "Octet" },
        { name: "Chi-square" },
        { name: "p-value" },
      ],
      rows: all.flatMap((one) =>
        one.samples.flatMap(({ keys, octets, pooled }) =>
          [...octets, pooled].map(({ chiSquare, pValue }, octet) => [
            nameOf(one),
            keys,
            octet < octets.length ? octet : "all",
            chiSquare,
            pValue,
          ]),
        ),
      ),
    },
  };
}

function drawSize(keys: number, all: readonly OctetSeries[]): Drawing {
  const points = all.flatMap((one) =>
    one.samples.filter((sample) => sample.keys === keys).flatMap((sample) => pointsOf(one, sample)),
  );
  const names = [...new Set(points.map(({ name }) => name))];
  const spread = 2 * Math.sqrt(2 * CHI_SQUARE_DEGREES);
  const band = [{ low: CHI_SQUARE_DEGREES - spread, high: CHI_SQUARE_DEGREES + spread }];
  return {
    title: `${formatNumber(keys)} keys`,
    svg: drawPlot({
      width: 760,
      height: 90 + 20 * names.length,
      marginLeft: 215,
      marginRight: 20,
      marginBottom: 48,
      x: {
        type: "log",
        label: "Chi-square",
        labelOffset: 42,
        grid: true,
        inset: 8,
        tickFormat: ",",
      },
      y: { type: "point", domain: names, label: null },
      color: { domain: [EACH, POOLED] },
      symbol: { domain: [EACH, POOLED], range: [...SYMBOLS], legend: true },
      marks: [
        Plot.rectX(band, { x1: "low", x2: "high", fillOpacity: 0.1 }),
        Plot.dot(points, {
          x: "chiSquare",
          y: "name",
          stroke: "what",
          symbol: "what",
          strokeOpacity: 0.8,
          r: 3.5,
        }),
      ],
    }),
  };
}

function pointsOf(one: OctetSeries, { octets, pooled }: OctetStatistics): Point[] {
  const point = (what: string) => (test: { readonly chiSquare: number }) => ({
    name: nameOf(one),
    what,
    chiSquare: Math.max(1, test.chiSquare),
  });
  return [...octets.map(point(EACH)), point(POOLED)(pooled)];
}
