import { axisFy, dot, frame, lineY, ruleY } from "@observablehq/plot";
import { drawPlot } from "../../report/plot.ts";
import type { Figure } from "../../report/section.ts";
import type { SetAnalysis } from "../analysis/analyse-set.ts";
import { ALPHA, acceptableProportions } from "../analysis/proportion.ts";

const GROUPS: Readonly<Record<string, string>> = {
  nonOverlappingTemplate: "non-overlapping templates",
  randomExcursions: "random excursions",
  randomExcursionsVariant: "random excursions",
};
const OTHER_TESTS = "other tests";
const ROW_HEIGHT = 64;

interface Point {
  readonly keys: string;
  /** 1 to 188. */
  readonly row: number;
  readonly tests: string;
  readonly proportion: number;
  readonly lower: number;
  readonly isOutside: boolean;
}

export interface ProportionStrips {
  readonly id: string;
  readonly caption: string;
  readonly analyses: readonly SetAnalysis[];
  /** Where the axis ends; what is lower is drawn there. */
  readonly lowest: number;
}

/** The proportion of each row of each set, with the lower bound of the range. */
export function proportionsFigure({ id, caption, analyses, lowest }: ProportionStrips): Figure {
  const points = analyses.flatMap(pointsOf);
  return {
    id,
    caption,
    description:
      "A strip of points for each set, one a row of the analysis. " +
      analyses
        .map(
          ({ set, rows, outside }) =>
            `${set.label}: ${outside.observed} of ${rows.length} outside the range.`,
        )
        .join(" "),
    parameters: { "level of significance": ALPHA },
    drawings: [{ svg: drawStrips(points, analyses, lowest) }],
    data: {
      id: `${id}-data`,
      caption: "Proportions of passing sequences",
      columns: [
        { name: "Keys" },
        { name: "Row" },
        { name: "Tests" },
        { name: "Proportion" },
        { name: "Lower bound" },
      ],
      rows: points.map(({ keys, row, tests, proportion, lower }) => [
        keys,
        row,
        tests,
        proportion,
        lower,
      ]),
      isDataOnly: true,
    },
  };
}

function pointsOf({ set, rows }: SetAnalysis): Point[] {
  return rows.flatMap(({ test, proportion, applied, isOutside }, index) =>
    proportion === null
      ? []
      : [
          {
            keys: set.label,
            row: index + 1,
            tests: GROUPS[test] ?? OTHER_TESTS,
            proportion,
            lower: acceptableProportions(applied).lower,
            isOutside,
          },
        ],
  );
}

function drawStrips(
  points: readonly Point[],
  analyses: readonly SetAnalysis[],
  lowest: number,
): string {
  const drawn = (value: number) => Math.max(value, lowest);
  const place = {
    x: "row",
    y: ({ proportion }: Point) => drawn(proportion),
    fy: "keys",
  };
  return drawPlot({
    height: 70 + ROW_HEIGHT * analyses.length,
    marginLeft: 50,
    marginRight: 140,
    x: { label: "Row of the analysis" },
    y: { label: "Proportion of passing sequences", domain: [lowest, 1], ticks: 3, inset: 4 },
    fy: { label: null, domain: analyses.map(({ set }) => set.label), padding: 0.15 },
    color: {
      legend: true,
      domain: [OTHER_TESTS, "non-overlapping templates", "random excursions"],
    },
    marks: [
      axisFy({ anchor: "right", textAnchor: "start", lineWidth: 12 }),
      frame({ strokeOpacity: 0.2 }),
      ruleY([1 - ALPHA], { strokeOpacity: 0.4, strokeDasharray: "2,3" }),
      lineY(points, {
        x: "row",
        y: ({ lower }: Point) => drawn(lower),
        fy: "keys",
        curve: "step",
        strokeOpacity: 0.6,
      }),
      dot(
        points.filter(({ isOutside }) => !isOutside),
        { ...place, stroke: "tests", r: 1.6 },
      ),
      dot(
        points.filter(({ isOutside }) => isOutside),
        { ...place, fill: "tests", r: 3.2 },
      ),
    ],
  });
}
