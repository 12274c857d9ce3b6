import { axisX, axisY, rectY, ruleY, text } from "@observablehq/plot";
import { drawPlot } from "../../report/plot.ts";
import type { Figure } from "../../report/section.ts";
import type { SetAnalysis } from "../analysis/analyse-set.ts";
import { sum } from "../analysis/chance.ts";
import { BINS } from "../analysis/uniformity.ts";

const COLUMNS = 4;
const HIGHEST = 0.25;

interface Bar {
  readonly keys: string;
  readonly column: number;
  readonly line: number;
  readonly bin: number;
  readonly count: number;
  /** Of all P-values of the set, 0 to 1. */
  readonly share: number;
}

/** The P-values of all rows of a set together, in tenths. */
export function pValuesFigure(analyses: readonly SetAnalysis[]): Figure {
  const bars = analyses.flatMap(barsOf);
  return {
    id: "figure-sp800-22-p-values",
    caption:
      "All P-values of each set, in tenths from 0 to 1. Those of random sequences are spread evenly, a tenth " +
      `in each (dashed). Bars above ${HIGHEST} are cut off.`,
    description: `A small histogram for each set. ${analyses
      .map(({ set }) => `${set.label}: ${describeSpread(bars, set.label)}`)
      .join(" ")}`,
    parameters: { bins: BINS },
    drawings: [{ svg: drawHistograms(bars, analyses) }],
    data: {
      id: "figure-sp800-22-p-values-data",
      caption: "P-values of all rows together, by tenths",
      columns: [{ name: "Keys" }, { name: "Tenth" }, { name: "P-values" }, { name: "Share" }],
      rows: bars.map(({ keys, bin, count, share }) => [keys, bin + 1, count, share]),
      isDataOnly: true,
    },
  };
}

function barsOf({ set, rows }: SetAnalysis, index: number): Bar[] {
  const total = sum(rows.map(({ applied }) => applied));
  return Array.from({ length: BINS }, (_, bin) => {
    const count = sum(rows.map(({ bins }) => bins[bin] ?? 0));
    return {
      keys: set.label,
      column: index % COLUMNS,
      line: Math.floor(index / COLUMNS),
      bin,
      count,
      share: total === 0 ? 0 : count / total,
    };
  });
}

function describeSpread(bars: readonly Bar[], keys: string): string {
  const shares = bars.filter((bar) => bar.keys === keys).map(({ share }) => share);
  return `shares from ${Math.min(...shares).toFixed(3)} to ${Math.max(...shares).toFixed(3)}.`;
}

function drawHistograms(bars: readonly Bar[], analyses: readonly SetAnalysis[]): string {
  const lines = Math.ceil(analyses.length / COLUMNS);
  const names = bars.filter(({ bin }) => bin === 0);
  return drawPlot({
    height: 50 + 105 * lines,
    marginTop: 20,
    x: { domain: [0, 1], label: null },
    y: { domain: [0, HIGHEST], label: null },
    fx: { axis: null, padding: 0.15 },
    fy: { axis: null, padding: 0.3 },
    marks: [
      axisX({ ticks: [0, 0.5, 1], tickFormat: String }),
      axisY({ ticks: [0, 0.1, 0.2], tickFormat: String }),
      rectY(bars, {
        x1: ({ bin }: Bar) => bin / BINS,
        x2: ({ bin }: Bar) => (bin + 1) / BINS,
        y: ({ share }: Bar) => Math.min(share, HIGHEST),
        fx: "column",
        fy: "line",
        fill: "#56b4e9",
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      ruleY([1 / BINS], { strokeDasharray: "3,3" }),
      text(names, {
        text: "keys",
        fx: "column",
        fy: "line",
        frameAnchor: "top",
        dy: -14,
      }),
    ],
  });
}
