/** A piece of HTML. Whatever is not one is escaped where it is put into one. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | readonly Html[];

/** Template tag: `` html`<p>${text}</p>` `` escapes `text` unless it is `Html`. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const pieces = parts.map(
    (part, index) => part + (index < values.length ? markup(values[index]) : ""),
  );
  return new Html(pieces.join(""));
}

export const NOTHING = new Html("");

function markup(value: Value | undefined): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(({ text }: Html) => text).join("\n");
  return escapeText(String(value));
}

/** For text and for attributes between double quotes. */
function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
