import * as Plot from "@observablehq/plot";
import { formatNumber } from "../../report/format-number.ts";
import { drawPlot } from "../../report/plot.ts";
import type { Figure } from "../../report/section.ts";
import type { OctetSeries } from "../measure.ts";
import type { OctetStatistics } from "../octet-statistics.ts";
import { commonSizes, nameOf, sampleOf } from "../verdicts.ts";
import { GRID_OPTIONS, gridCell, gridHeight, gridMarks, isShown } from "./grid.ts";

/** So many whole numbers of standard deviation are one bar: 1,000 keys are too few for finer ones. */
const BAR = 3;

/** Figure 7b in its other reading: the standard deviation of each key over its own octets. */
export function spreadOfKeysFigure(all: readonly OctetSeries[]): Figure {
  const series = all.filter(isShown);
  const sizes = commonSizes(all);
  return {
    id: "figure-7b-keys",
    caption:
      "Figure 7b, read as the standard deviation of each key over its 16 octets: how many keys have which.",
    description:
      "For each number of keys small charts, one for each source, each with bars for the numbers of keys by " +
      "standard deviation.",
    parameters: {
      keys: sizes.map((keys) => formatNumber(keys)).join("; "),
      "key of the suites": "NwkKey' (k'a)",
    },
    drawings: sizes.map((keys) => ({
      title: `${formatNumber(keys)} keys`,
      svg: drawSpreads(series, keys),
    })),
    data: {
      id: "figure-7b-keys",
      caption: "Standard deviation of keys over their octets",
      columns: [
        { name: "Keys" },
        { name: "Number of keys" },
        { name: "From" },
        { name: "to" },
        { name: "Count" },
      ],
      // Of all series, also of those that are not drawn.
      rows: all.flatMap((one) =>
        one.samples.flatMap((sample) =>
          barsOf(sample).map(({ from, to, count }) => [nameOf(one), sample.keys, from, to, count]),
        ),
      ),
    },
  };
}

function drawSpreads(series: readonly OctetSeries[], keys: number): string {
  const bars = series.flatMap((one, index) =>
    barsOf(sampleOf(one, keys)).map((bar) => ({ ...gridCell(index), ...bar })),
  );
  return drawPlot({
    ...GRID_OPTIONS,
    height: gridHeight(series.length, 130),
    marginLeft: 60,
    marginBottom: 44,
    x: { label: "Standard deviation of a key over its octets" },
    y: { label: "Keys", labelAnchor: "center", labelOffset: 50, ticks: 4 },
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
  });
}

function barsOf({
  deviationsOfKeys: { counts },
}: OctetStatistics): { from: number; to: number; count: number }[] {
  const bars = [];
  for (let from = 0; from < counts.length; from += BAR) {
    const count = counts.slice(from, from + BAR).reduce((sum, keys) => sum + keys, 0);
    if (count > 0) bars.push({ from, to: from + BAR, count });
  }
  return bars;
}
