import { dot, line, text } from "@observablehq/plot";
import { formatSuite } from "../../../root-key/suite.ts";
import { drawPlot } from "../../report/plot.ts";
import type { Figure } from "../../report/section.ts";
import type { AttacksResult } from "../attacks-result.ts";
import { bestSearch, COMPARED_SUITES, expectedLog2, REAL_WIDTH_BITS } from "./search-work.ts";

/** log2 of the work by unknown bits: what was measured, and how it goes on. */
export function searchFigure({ searches }: AttacksResult): Figure {
  const points = COMPARED_SUITES.flatMap((suite) =>
    searches
      .filter((search) => search.suite === suite && search.search === bestSearch(suite))
      .map(({ name, widthBits, meanCandidates }) => ({
        suite: name,
        widthBits,
        log2: Math.log2(meanCandidates),
      })),
  );
  const widest = Math.max(...points.map(({ widthBits }) => widthBits));
  const [updates = 0] = searches.map((search) => search.updates);
  return {
    id: "figure-split-search",
    caption:
      "Mean work to find both new keys when the old AppKey and the context are known and w bits of each half of " +
      "kkdk are not. Dots are searches that were run to their end; lines are half the number of candidates, " +
      "and beyond the dots they are extrapolated.",
    description:
      `Two rising lines: ${formatSuite(COMPARED_SUITES[0] as 0)} with slope 1 up to 2^${expectedLog2("halves", REAL_WIDTH_BITS)}, ` +
      `${formatSuite(COMPARED_SUITES[1] as 1)} with slope 2 up to 2^${expectedLog2("whole", REAL_WIDTH_BITS)} at ${REAL_WIDTH_BITS} bits; ` +
      `${points.length} measured dots up to ${widest} bits.`,
    parameters: { "updates searched for each dot": updates },
    drawings: [
      { title: `Measured, up to ${widest} bits`, svg: draw(points, widest + 1) },
      {
        title: `Extrapolated to the real ${REAL_WIDTH_BITS} bits`,
        svg: draw(points, REAL_WIDTH_BITS),
      },
    ],
    data: {
      id: "figure-split-search-data",
      caption: "Mean candidates of the searches in the figure",
      columns: [
        { name: "Suite" },
        { name: "Unknown bits a half" },
        { name: "Log2 of the mean number of candidates" },
      ],
      rows: points.map(({ suite, widthBits, log2 }) => [suite, widthBits, log2]),
      isDataOnly: true,
    },
  };
}

interface Point {
  readonly suite: string;
  readonly widthBits: number;
  readonly log2: number;
}

function draw(points: readonly Point[], to: number): string {
  const lines = COMPARED_SUITES.flatMap((suite) =>
    [1, to].map((widthBits) => ({
      suite: formatSuite(suite),
      widthBits,
      log2: expectedLog2(bestSearch(suite), widthBits),
    })),
  );
  return drawPlot({
    width: 320,
    height: 280,
    marginLeft: 50,
    marginBottom: 40,
    marginRight: 20,
    x: { domain: [0, to], label: "Unknown bits of each half", labelAnchor: "center", ticks: 8 },
    y: { label: "Log2 of candidates", grid: true, ticks: 8, zero: true },
    color: { domain: COMPARED_SUITES.map(formatSuite) },
    marks: [
      line(lines, { x: "widthBits", y: "log2", stroke: "suite", strokeDasharray: "5,3" }),
      dot(points, { x: "widthBits", y: "log2", fill: "suite", r: 3 }),
      text(
        lines.filter(({ widthBits }) => widthBits === to),
        {
          x: "widthBits",
          y: "log2",
          text: "suite",
          fill: "suite",
          textAnchor: "end",
          dx: -14,
          dy: -2,
        },
      ),
    ],
  });
}
