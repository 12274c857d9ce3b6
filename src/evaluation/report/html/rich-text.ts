import type { Labels } from "../numbering.ts";
import { Html, html } from "./html.ts";

/** `10^6`, `2^-32`. */
const POWER = /(?<=[\d)a-z])\^(-?\d+)/g;
/** Before a number: not that of `-O2` or of a range. */
const MINUS = /(?<=^|[\s(])-(?=\d)/g;
/** `P-value_T`, as SP 800-22 calls the P-value of P-values. */
const SUBSCRIPT = /(?<=P-value)_(T)\b/g;
/** `[figure-7a]`, the id of a table, a figure or a topic. */
const REFERENCE = /\[([a-z][a-z0-9-]*)\]/g;

/**
 * Plain text of a section: powers are raised, indices lowered, minus signs are such, references to parts of
 * the report become links.
 */
export function richText(text: string, labels: Labels = new Map()): Html {
  const linked = html`${text}`.text.replace(REFERENCE, (whole, id) => {
    const label = labels.get(id);
    return label === undefined ? whole : `<a href="#${id}">${label.replace(" ", "&nbsp;")}</a>`;
  });
  return new Html(
    linked
      .replace(SUBSCRIPT, "<sub>$1</sub>")
      .replace(MINUS, "−")
      .replace(POWER, (_, exponent) => `<sup>${exponent.replace("-", "−")}</sup>`),
  );
}
