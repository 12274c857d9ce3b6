import * as Plot from "@observablehq/plot";
import { formatNumber } from "../../report/format-number.ts";
import { drawPlot } from "../../report/plot.ts";
import type { Figure } from "../../report/section.ts";
import { DENSITY_BINS, IDEAL_DENSITY } from "../ideal.ts";
import type { OctetSeries } from "../measure.ts";
import { commonSizes, nameOf, sampleOf } from "../verdicts.ts";
import { GRID_OPTIONS, gridCell, gridHeight, gridMarks, isShown } from "./grid.ts";

const VALUES_PER_BIN = 256 / DENSITY_BINS;

/** The paper's Figure 7a: the density of each of the 16 octets, for every source of keys. */
export function densityFigure(all: readonly OctetSeries[]): Figure {
  const series = all.filter(isShown);
  const sizes = commonSizes(all);
  return {
    id: "figure-7a",
    caption:
      "Figure 7a: density of each of the 16 octets of a key over 0 to 255, a line for each octet, beside the " +
      "uniform density 1/256 (dashed): derived keys, weak generators and a control, for as many keys as the paper has and for more.",
    description:
      "For each number of keys small charts, one for each source, each with sixteen lines, one for each octet, and " +
      "a dashed horizontal line at the uniform density.",
    parameters: {
      keys: sizes.map((keys) => formatNumber(keys)).join("; "),
      bins: DENSITY_BINS,
      "key of the suites": "NwkKey' (k'a)",
    },
    drawings: sizes.map((keys) => ({
      title: `${formatNumber(keys)} keys`,
      svg: drawDensities(series, keys),
    })),
    data: {
      id: "figure-7a",
      caption: "Density of each octet",
      columns: [
        { name: "Keys" },
        { name: "Number of keys" },
        { name: "Octet" },
        { name: "Values from" },
        { name: "Density" },
      ],
      // Of all series, also of those that are not drawn.
      rows: all.flatMap((one) =>
        one.samples.flatMap(({ keys, octets }) =>
          octets.flatMap(({ density }, octet) =>
            density.map((value, bin) => [nameOf(one), keys, octet, VALUES_PER_BIN * bin, value]),
          ),
        ),
      ),
    },
  };
}

function drawDensities(series: readonly OctetSeries[], keys: number): string {
  const points = series.flatMap((one, index) =>
    sampleOf(one, keys).octets.flatMap(({ density }, octet) =>
      density.map((value, bin) => ({
        ...gridCell(index),
        octet,
        value: VALUES_PER_BIN * (bin + 0.5),
        density: value,
      })),
    ),
  );
  return drawPlot({
    ...GRID_OPTIONS,
    height: gridHeight(series.length, 170),
    marginLeft: 72,
    marginBottom: 44,
    x: { domain: [0, 256], ticks: [0, 64, 128, 192, 255], label: "Value of the octet" },
    y: { label: "Density", labelAnchor: "center", labelOffset: 66, zero: true, ticks: 4 },
    marks: [
      Plot.line(points, {
        fx: "column",
        fy: "row",
        x: "value",
        y: "density",
        z: "octet",
        stroke: "#0072b2",
        strokeOpacity: 0.45,
        strokeWidth: 1,
      }),
      Plot.ruleY([IDEAL_DENSITY], { strokeDasharray: "4,3", strokeWidth: 1.5 }),
      ...gridMarks(series),
    ],
  });
}
