import * as Plot from "@observablehq/plot";
import { drawPlot } from "../../report/plot.ts";
import type { Figure } from "../../report/section.ts";
import type { OctetSeries } from "../measure.ts";
import { firstSample, nameOf } from "../verdicts.ts";
import { GRID_OPTIONS, gridCell, gridHeight, gridMarks, isShown } from "./grid.ts";

/** So many whole numbers of standard deviation are one bar: 1,000 keys are too few for finer ones. */
const BAR = 3;

/** Figure 7b in its other reading: the standard deviation of each key over its own octets. */
export function spreadOfKeysFigure(all: readonly OctetSeries[]): Figure {
  const series = all.filter(isShown);
  const keys = series[0] === undefined ? 0 : firstSample(series[0]).keys;
  const bars = series.flatMap((one, index) =>
    barsOf(one).map((bar) => ({ ...gridCell(index), ...bar, name: nameOf(one) })),
  );
  return {
    id: "figure-7b-keys",
    caption:
      "Figure 7b, read as the standard deviation of each key over its 16 octets: how many keys have which.",
    description:
      "Small charts, one for each source of keys, each with bars for the numbers of keys by standard deviation.",
    parameters: { keys, "key of the suites": "NwkKey' (k'a)" },
    drawings: [
      {
        svg: drawPlot({
          ...GRID_OPTIONS,
          height: gridHeight(series.length, 130),
          marginLeft: 60,
          marginBottom: 44,
          x: { label: "standard deviation of a key over its octets" },
          y: { label: "keys", labelAnchor: "center", labelOffset: 50, ticks: 4 },
          marks: [
            Plot.rectY(bars, {
              fx: "column",
              fy: "row",
              x1: "from",
              x2: "to",
              y: "count",
              fill: "#0072b2",
              fillOpacity: 0.7,
            }),
            ...gridMarks(series),
          ],
        }),
      },
    ],
    data: {
      id: "figure-7b-keys",
      caption: "Standard deviation of keys over their octets",
      columns: [{ name: "keys" }, { name: "from" }, { name: "to" }, { name: "count" }],
      rows: bars.map(({ name, from, to, count }) => [name, from, to, count]),
    },
  };
}

function barsOf(series: OctetSeries): { from: number; to: number; count: number }[] {
  const { counts } = firstSample(series).deviationsOfKeys;
  const bars = [];
  for (let from = 0; from < counts.length; from += BAR) {
    const count = counts.slice(from, from + BAR).reduce((sum, keys) => sum + keys, 0);
    if (count > 0) bars.push({ from, to: from + BAR, count });
  }
  return bars;
}
