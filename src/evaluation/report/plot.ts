import { type PlotOptions, plot } from "@observablehq/plot";
import { JSDOM } from "jsdom";

/**
 * Colours that most people with impaired colour vision tell apart, and that differ in grey
 * (Okabe and Ito 2008, without yellow and black).
 */
export const CATEGORY_COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];

const { document } = new JSDOM("").window;

/**
 * Draws a plot without a browser. Colours of lines and text are the page's (`currentColor`); series take
 * `CATEGORY_COLOURS` unless `options` name others. Name series in the drawing itself or with `color.legend`.
 *
 * @returns an SVG element as text, or a `figure` element with one and a legend
 */
export function drawPlot(options: PlotOptions): string {
  const drawn = plot({
    document,
    width: 640,
    // Room for the label below the numbers of the axis.
    marginBottom: 40,
    style: { background: "none", fontSize: "12px" },
    ...options,
    ...(options.color?.scheme === undefined && {
      color: { range: CATEGORY_COLOURS, ...options.color },
    }),
  });
  return drawn.outerHTML;
}
