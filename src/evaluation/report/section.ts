/**
 * A part of the report. Texts are plain: what is drawn escapes them, raises powers (`2^64`) and makes links
 * of the ids of tables, figures and topics in brackets (`[figure-7a]`).
 */
export interface Section {
  /** What was asked and how it was measured, a paragraph an entry. */
  readonly introduction: readonly string[];
  /** What came out, each judged by the numbers of this run. They also stand in the report's summary. */
  readonly findings: readonly Finding[];
  readonly blocks: readonly Block[];
}

/** A sentence that the numbers bear out. */
export interface Finding {
  readonly outcome: Outcome;
  /** The claim of the paper, or the question where the paper has none. */
  readonly claim: string;
  /** What the numbers say about it, with the numbers. */
  readonly evidence: string;
}

/** Of a claim of the paper; `shown` and `refuted` are for what only this project claims. */
export type Outcome = "reproduced" | "not-reproduced" | "undecidable" | "shown" | "refuted";

export type Block =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly paragraphs: readonly string[] }
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "figure"; readonly figure: Figure };

export interface Table {
  /** Of its CSV file and anchor, unique in the report, topics included: `table-3`. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  /** A row has a cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
  readonly notes?: readonly string[];
  /** Too long for the page: it is in the CSV file alone. */
  readonly isDataOnly?: boolean;
}

export interface Column {
  readonly name: string;
  readonly unit?: string;
  /** Significant digits on the page; the CSV file has them all. Default 4. */
  readonly digits?: number;
}

/** A number is written as one; null is what does not apply or was not measured. */
export type Cell = string | number | null;

export interface Figure {
  /** Of its files and anchor, unique in the report, topics included: `figure-7a`. */
  readonly id: string;
  readonly caption: string;
  /** What the picture shows, for those who cannot see it. */
  readonly description: string;
  /** What it was made with, besides seed, versions and processor, which the report adds. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /** From `drawPlot`; several stand below or beside one another. */
  readonly drawings: readonly Drawing[];
  /** The numbers that are drawn. */
  readonly data: Table;
}

export interface Drawing {
  /** Above the drawing where there are several. */
  readonly title?: string;
  /** An SVG element. */
  readonly svg: string;
}
