/** The Join Server takes no more in a list. */
const LISTED_MAX = 100_000;

export interface DevEuiList {
  /** 16 hex digits each, without those that are named twice. */
  readonly devEuis: readonly string[];
  /** What to mend; undefined when nothing is wrong. */
  readonly problem: string | undefined;
}

/** DevEUIs in a text: one a line, or with spaces, commas or semicolons between; lines with # are notes. */
export function readDevEuis(text: string): DevEuiList {
  const found = new Set<string>();
  let problem: string | undefined;
  text.split("\n").forEach((line, index) => {
    if (line.trimStart().startsWith("#")) return;
    for (const word of line.split(/[\s,;"]+/)) {
      if (word === "") continue;
      const digits = word.replaceAll(/[-:]/g, "").toLowerCase();
      if (/^[0-9a-f]{16}$/.test(digits)) found.add(digits);
      else
        problem ??= `Line ${index + 1}: “${word.slice(0, 40)}” is no DevEUI, which has 16 hex digits.`;
    }
  });
  if (found.size > LISTED_MAX)
    problem ??= "A list has at most 100,000 devices; use a search for more.";
  return { devEuis: [...found], problem };
}
