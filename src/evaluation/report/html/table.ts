import { formatNumber } from "../format-number.ts";
import type { Labels } from "../numbering.ts";
import type { Cell, Column, Table } from "../section.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { richText } from "./rich-text.ts";

/** A table with its caption above it; one that is for the CSV file alone is only named. */
export function tableHtml(table: Table, labels: Labels): Html {
  const file = `tables/${table.id}.csv`;
  const link = html`<a class="file" href="${file}">${file}</a>`;
  const caption = html`<b>${labels.get(table.id) ?? "Table"}.</b> ${richText(table.caption, labels)}`;
  if (table.isDataOnly === true) {
    const size = `${formatNumber(table.rows.length)} rows`;
    return html`<p class="data-only" id="${table.id}">${caption} ${size} in ${link}</p>`;
  }
  const notes = (table.notes ?? []).map(
    (note) => html`<p class="note">${richText(note, labels)}</p>`,
  );
  return html`<figure class="table" id="${table.id}">
<figcaption id="${table.id}-caption">${caption} ${link}</figcaption>
<div class="scroll" role="region" tabindex="0" aria-labelledby="${table.id}-caption">
<table aria-labelledby="${table.id}-caption">
<thead><tr>${table.columns.map((column, index) => headerCell(column, isNumeric(table, index)))}</tr></thead>
<tbody>
${table.rows.map((row) => html`<tr>${row.map((cell, index) => bodyCell(cell, index, table, labels))}</tr>`)}
</tbody>
</table>
</div>
${notes}
</figure>`;
}

function headerCell({ name, unit }: Column, isRight: boolean): Html {
  const small = unit === undefined ? NOTHING : html` <span class="unit">${richText(unit)}</span>`;
  return html`<th scope="col"${alignment(isRight)}>${richText(name)}${small}</th>`;
}

function bodyCell(cell: Cell, index: number, table: Table, labels: Labels): Html {
  const right = alignment(isNumeric(table, index));
  const content = cellContent(cell, table.columns[index], labels);
  // What the row is about stands in its first cell.
  return index === 0
    ? html`<th scope="row"${right}>${content}</th>`
    : html`<td${right}>${content}</td>`;
}

function cellContent(cell: Cell, column: Column | undefined, labels: Labels): Html {
  if (cell === null) return html`<span class="none" aria-label="not applicable">–</span>`;
  const isNumber = typeof cell === "number";
  return richText(isNumber ? formatNumber(cell, column?.digits) : cell, labels);
}

function alignment(isRight: boolean): Html {
  return isRight ? html` class="number"` : NOTHING;
}

function isNumeric({ rows }: Table, index: number): boolean {
  const cells = rows.map((row) => row[index]).filter((cell) => cell !== null);
  return cells.length > 0 && cells.every((cell) => typeof cell === "number");
}
