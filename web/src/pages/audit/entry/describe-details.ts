/** Of a list, more than these are counted. */
const LISTED = 5;
const BRIEF_CHARACTERS = 160;

/** `changed: kek, route · isAllowed: true`, cut where it grows long. */
export function detailsInBrief(details: Readonly<Record<string, unknown>>): string {
  const text = Object.entries(details)
    .map(([name, value]) => `${name}: ${describeValue(value)}`)
    .join(" · ");
  return text.length > BRIEF_CHARACTERS ? `${text.slice(0, BRIEF_CHARACTERS)}…` : text;
}

/** A value of the details as one line. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return describeList(value);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${describeValue(inner)}`)
      .join(", ");
  }
  return value === null ? "none" : String(value);
}

function describeList(values: readonly unknown[]): string {
  if (values.length === 0) return "none";
  const listed = values.slice(0, LISTED).map(describeValue).join(", ");
  const more = values.length - LISTED;
  return more > 0 ? `${listed} and ${more.toLocaleString("en")} more` : listed;
}
