import * as Plot from "@observablehq/plot";
import type { OctetSeries } from "../measure.ts";
import { nameOf } from "../verdicts.ts";

const COLUMNS = 3;

/** Where a small chart stands among many: Plot's facets, in reading order. */
interface GridCell {
  readonly column: number;
  readonly row: number;
}

export function gridCell(index: number): GridCell {
  return { column: index % COLUMNS, row: Math.floor(index / COLUMNS) };
}

export function gridHeight(cells: number, rowHeight: number): number {
  return Math.ceil(cells / COLUMNS) * rowHeight + 60;
}

/** The series of the figures: NwkKey' (k'a of the paper) of the counter mode, weak generators, the control. */
export function isShown({ kind, key }: OctetSeries): boolean {
  return (key === null || key === "NwkKey'") && kind !== "ratchet";
}

/** The name of each series above its chart, and the frame around it. */
export function gridMarks(series: readonly OctetSeries[]): Plot.Markish[] {
  const titles = series.map((one, index) => ({ ...gridCell(index), title: nameOf(one) }));
  return [
    Plot.frame({ strokeOpacity: 0.25 }),
    Plot.text(titles, {
      fx: "column",
      fy: "row",
      text: "title",
      frameAnchor: "top",
      dy: -14,
      fontWeight: 600,
    }),
  ];
}

/** Facets without labels of their own, with room for the names of series. */
export const GRID_OPTIONS: Pick<Plot.PlotOptions, "width" | "marginTop" | "fx" | "fy"> = {
  width: 900,
  marginTop: 30,
  fx: { axis: null, padding: 0.08 },
  fy: { axis: null, padding: 0.2 },
};
