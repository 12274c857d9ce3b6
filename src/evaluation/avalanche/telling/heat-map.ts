import { image, rect, ruleX, ruleY, text } from "@observablehq/plot";
import { encode } from "fast-png";
import { drawPlot } from "../../report/plot.ts";

/**
 * Classes of values and their colours, from the lowest: purple and orange of ColorBrewer (PuOr), which are
 * told apart with impaired colour vision too. The middle class is nearly white.
 */
export interface ColourClasses {
  /** Eight edges between nine classes. */
  readonly edges: readonly number[];
  readonly format: (edge: number) => string;
}

type Colour = readonly [red: number, green: number, blue: number];

const PALETTE: readonly Colour[] = [
  [179, 88, 6],
  [224, 130, 20],
  [253, 184, 99],
  [254, 224, 182],
  [247, 247, 247],
  [216, 218, 235],
  [178, 171, 210],
  [128, 115, 172],
  [84, 39, 136],
];

/** A run of rows or columns with a name. */
export interface AxisPart {
  readonly name: string;
  readonly length: number;
}

export interface HeatMap {
  /** Rows from the top, all of the same length. */
  readonly rows: readonly (readonly number[])[];
  readonly columnParts: readonly AxisPart[];
  readonly rowParts: readonly AxisPart[];
  readonly classes: ColourClasses;
  readonly columnLabel: string;
  readonly width: number;
  readonly height: number;
}

const MARGINS = { marginTop: 22, marginRight: 16, marginBottom: 36, marginLeft: 84 };

/** Draws a matrix as a picture of one pixel a cell, which many thousand shapes would be too many for. */
export function drawHeatMap(map: HeatMap): string {
  const { rows, columnParts, rowParts, classes, columnLabel, width, height } = map;
  const columns = (rows[0] as readonly number[]).length;
  const columnBounds = boundsOf(columnParts);
  const rowBounds = boundsOf(rowParts);
  return drawPlot({
    width,
    height,
    ...MARGINS,
    x: { domain: [0, columns], ticks: columnBounds, label: columnLabel, labelAnchor: "center" },
    y: { domain: [rows.length, 0], ticks: rowBounds, label: null },
    marks: [
      image([0], {
        x: columns / 2,
        y: rows.length / 2,
        width: width - MARGINS.marginLeft - MARGINS.marginRight,
        height: height - MARGINS.marginTop - MARGINS.marginBottom,
        src: pictureOf(rows, classes),
        preserveAspectRatio: "none",
        imageRendering: "pixelated",
      }),
      ruleX(columnBounds, { strokeWidth: 0.6 }),
      ruleY(rowBounds, { strokeWidth: 0.6 }),
      text(middlesOf(columnParts), {
        x: "middle",
        text: "name",
        frameAnchor: "top",
        dy: -12,
        fontSize: 10,
      }),
      text(middlesOf(rowParts), {
        y: "middle",
        text: "name",
        frameAnchor: "left",
        textAnchor: "end",
        dx: -24,
      }),
    ],
  });
}

/** The classes in a strip, their edges below. */
export function drawColourLegend({ edges, format }: ColourClasses, label: string): string {
  const boxes = PALETTE.map((_, index) => ({ from: index, to: index + 1 }));
  return drawPlot({
    width: 640,
    height: 58,
    marginTop: 2,
    marginBottom: 40,
    marginLeft: 84,
    marginRight: 16,
    x: {
      domain: [0, PALETTE.length],
      ticks: edges.map((_, index) => index + 1),
      tickFormat: (tick: number) => format(edges[tick - 1] as number),
      label,
      labelAnchor: "center",
      labelArrow: "none",
    },
    marks: [
      rect(boxes, {
        x1: "from",
        x2: "to",
        y1: 0,
        y2: 1,
        fill: ({ from }: { from: number }) => `rgb(${(PALETTE[from] as Colour).join()})`,
        stroke: "currentColor",
        strokeWidth: 0.4,
      }),
    ],
    y: { axis: null },
    color: { type: "identity" },
  });
}

/** The class of a value: how many edges it reaches. */
export function classOf(value: number, { edges }: ColourClasses): number {
  const above = edges.findIndex((edge) => value < edge);
  return above === -1 ? edges.length : above;
}

function pictureOf(rows: HeatMap["rows"], classes: ColourClasses): string {
  const png = encode({
    width: (rows[0] as readonly number[]).length,
    height: rows.length,
    data: Uint8Array.from(rows.flat(), (value) => classOf(value, classes)),
    channels: 1,
    depth: 8,
    palette: PALETTE.map((colour) => [...colour]),
  });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}

/** Where parts begin and end, from 0 on. */
function boundsOf(parts: readonly AxisPart[]): number[] {
  return [0, ...parts.map((_, index) => lengthOf(parts.slice(0, index + 1)))];
}

function middlesOf(parts: readonly AxisPart[]) {
  return parts.map(({ name, length }, index) => ({
    name,
    middle: lengthOf(parts.slice(0, index)) + length / 2,
  }));
}

function lengthOf(parts: readonly AxisPart[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
