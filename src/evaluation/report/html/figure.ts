import type { Provenance } from "../../provenance.ts";
import { formatParameter } from "../format-number.ts";
import type { Labels } from "../numbering.ts";
import type { Drawing, Figure } from "../section.ts";
import { drawingHtml } from "./drawing.ts";
import { madeWith } from "./front-matter/provenance.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { richText } from "./rich-text.ts";

/** A figure with its caption below it, and with what it was made. */
export function figureHtml(figure: Figure, labels: Labels, provenance: Provenance): Html {
  const file = `figures/${figure.id}.csv`;
  const isSeveral = figure.drawings.length > 1;
  return html`<figure class="plot" id="${figure.id}">
<div class="drawings${isSeveral ? " several" : ""}">
${figure.drawings.map((drawing, index) => oneDrawing(figure, drawing, index))}
</div>
<figcaption>
<p><b>${labels.get(figure.id) ?? "Figure"}.</b> ${richText(figure.caption, labels)} <a class="file" href="${file}">${file}</a></p>
<p class="made">${richText(parametersText(figure))}${madeWith(provenance)}</p>
</figcaption>
</figure>`;
}

function oneDrawing(figure: Figure, { title, svg }: Drawing, index: number): Html {
  const heading =
    title === undefined ? NOTHING : html`<p class="drawing-title">${richText(title)}</p>`;
  const name = title === undefined ? figure.caption : `${figure.caption}: ${title}`;
  const id = `${figure.id}-${index + 1}`;
  const drawing = drawingHtml({ id, title: name, description: figure.description, svg });
  return html`<div class="drawing">${heading}<div class="scroll" tabindex="0" role="group" aria-label="${name}">${drawing}</div></div>`;
}

function parametersText({ parameters }: Figure): string {
  const texts = Object.entries(parameters).map(
    ([name, value]) => `${name}: ${typeof value === "number" ? formatParameter(value) : value}`,
  );
  return texts.map((text) => `${text} · `).join("");
}
