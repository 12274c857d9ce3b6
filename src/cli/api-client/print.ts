/** A column of a table: its heading, and its text for a row. */
export interface Column<R> {
  readonly heading: string;
  readonly text: (row: R) => string | number | null | undefined;
}

/** The widest that a table may be to be read in a common terminal. */
const MAX_WIDTH = 100;
const GAP = "  ";

/**
 * A table in plain text, a line for each row, at most 100 characters wide: the widest columns are cut
 * with `…`. Nothing for no rows.
 */
export function formatTable<R>(columns: readonly Column<R>[], rows: readonly R[]): string {
  if (rows.length === 0) return "";
  const lines = [
    columns.map(({ heading }) => heading),
    ...rows.map((row) => columns.map(({ text }) => onOneLine(text(row)))),
  ];
  const widths = fittingWidths(
    columns.map((_, index) => Math.max(...lines.map((line) => (line[index] as string).length))),
  );
  return lines
    .map((line) =>
      line
        .map((cell, index) => cut(cell, widths[index] as number).padEnd(widths[index] as number))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

/** One thing, a line for each member; absent ones are left out. */
export function formatMembers(
  members: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const shown = Object.entries(members).filter(([, value]) => (value ?? "") !== "");
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${onOneLine(value)}`).join("\n");
}

/** What `--json` asks for, else what people read; nothing for an empty text. */
export function print(isJson: boolean, value: unknown, text: () => string): void {
  const shown = isJson ? JSON.stringify(value, null, 2) : text();
  if (shown !== "") console.log(shown);
}

function fittingWidths(widths: number[]): number[] {
  const fitting = [...widths];
  const room = MAX_WIDTH - GAP.length * (widths.length - 1);
  while (fitting.reduce((sum, width) => sum + width, 0) > room) {
    fitting[fitting.indexOf(Math.max(...fitting))] = Math.max(...fitting) - 1;
  }
  return fitting;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Control characters in a name must not move the cursor of whoever lists devices. */
function onOneLine(value: string | number | boolean | null | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return String(value ?? "").replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
