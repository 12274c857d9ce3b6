import { formatNumber } from "../format-number.ts";
import type { Labels } from "../numbering.ts";
import type { Cell, Column, Table } from "../section.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { richText } from "./rich-text.ts";

const SHORT_TEXT_LENGTH = 32;
/** A table of no more is not cut by the end of a printed page. */
const WHOLE_ROWS = 24;

/** A table with its caption above it; one that is for the CSV file alone is only named. */
export function tableHtml(table: Table, labels: Labels): Html {
  const file = `tables/${table.id}.csv`;
  const link = html`<a class="file" href="${file}">${file}</a>`;
  const caption = html`<b>${labels.get(table.id) ?? "Table"}.</b> ${richText(table.caption, labels)}`;
  if (table.isDataOnly === true) {
    const size = `(${formatNumber(table.rows.length)} rows)`;
    return html`<p class="data-only" id="${table.id}">${caption} ${size} ${link}</p>`;
  }
  const notes = (table.notes ?? []).map(
    (note) => html`<p class="note">${richText(note, labels)}</p>`,
  );
  const classes = table.columns.map((_, index) => columnClass(table, index));
  const heads = table.columns.map((column, index) => headerCell(column, classes[index] ?? NOTHING));
  const rows = table.rows.map((row) => {
    const [first, ...others] = row.map((cell, index) =>
      cellContent(cell, table.columns[index], labels),
    );
    const cells = others.map(
      (content, index) => html`<td${classes[index + 1] ?? NOTHING}>${content}</td>`,
    );
    // What the row is about stands in its first cell.
    return html`<tr><th scope="row"${classes[0] ?? NOTHING}>${first ?? NOTHING}</th>${cells}</tr>`;
  });
  const isShort = table.rows.length <= WHOLE_ROWS;
  return html`<figure class="table${isShort ? " whole" : ""}" id="${table.id}">
<figcaption><span id="${table.id}-caption">${caption}</span> ${link}</figcaption>
<div class="scroll" role="region" tabindex="0" aria-labelledby="${table.id}-caption">
<table aria-labelledby="${table.id}-caption">
<thead><tr>${heads}</tr></thead>
<tbody>
${rows}
</tbody>
</table>
</div>
${notes}
</figure>`;
}

function headerCell({ name, unit }: Column, columnClass: Html): Html {
  const small = unit === undefined ? NOTHING : html` <span class="unit">${richText(unit)}</span>`;
  return html`<th scope="col"${columnClass}>${richText(name)}${small}</th>`;
}

function cellContent(cell: Cell, column: Column | undefined, labels: Labels): Html {
  if (cell === null) return html`<span class="none" aria-label="not applicable">–</span>`;
  const isNumber = typeof cell === "number";
  return richText(isNumber ? formatNumber(cell, column?.digits) : cell, labels);
}

/** Numbers stand below one another at the right; short texts stay on one line. */
function columnClass({ rows }: Table, index: number): Html {
  const cells = rows.map((row) => row[index] ?? null).filter((cell) => cell !== null);
  if (cells.length > 0 && cells.every((cell) => typeof cell === "number"))
    return html` class="number"`;
  const isShort = cells.every((cell) => String(cell).length <= SHORT_TEXT_LENGTH);
  return isShort ? html` class="short"` : NOTHING;
}
