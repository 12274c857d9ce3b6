import { dot } from "@observablehq/plot";
import { drawPlot } from "../../../src/evaluation/report/plot.ts";
import type { Figure, Section, Table } from "../../../src/evaluation/report/section.ts";

export const SAMPLE_TABLE: Table = {
  id: "sample-table",
  caption: "Numbers, see [sample-figure]",
  columns: [{ name: "what" }, { name: "time", unit: "ns", digits: 3 }, { name: "remark" }],
  rows: [
    ['a <b> & "c"', 1234.5678, "2^64, that is"],
    ["=1+1, with a comma", 0.000_012_345, null],
    ["line\nbreak", -7, ""],
  ],
  notes: ["A note."],
};

export const SAMPLE_FIGURE: Figure = {
  id: "sample-figure",
  caption: "Points",
  description: "Two points <of> no importance",
  parameters: { keys: 1000, share: 0.01, suite: "rabbit" },
  drawings: ["one", "two"].map((title) => ({
    title,
    svg: drawPlot({
      width: 300,
      height: 200,
      color: { legend: true },
      marks: [
        dot(
          [
            { x: 1, y: 2, k: "a" },
            { x: 2, y: 1, k: "b" },
          ],
          {
            x: "x",
            y: "y",
            stroke: "k",
            clip: true,
          },
        ),
      ],
    }),
  })),
  data: { id: "sample-figure", caption: "Points", columns: [{ name: "x" }], rows: [[1], [2]] },
};

/** A section with everything that a section can have. */
export const SAMPLE_SECTION: Section = {
  introduction: [
    "What <script>alert(1)</script> was asked; see [sample-table] and [no-such-thing].",
  ],
  findings: [
    { outcome: "reproduced", claim: "It is 2^-32", evidence: "It was -7 of 10" },
    { outcome: "undecidable", claim: "Is it?", evidence: "Nobody knows" },
  ],
  blocks: [
    { kind: "heading", text: "A part" },
    { kind: "text", paragraphs: ["Some words, the P-value_T of a_b_C."] },
    { kind: "table", table: SAMPLE_TABLE },
    { kind: "figure", figure: SAMPLE_FIGURE },
    {
      kind: "table",
      table: { ...SAMPLE_TABLE, id: "sample-data", caption: "All of it", isDataOnly: true },
    },
  ],
};
