import type { ToldTopic } from "../tell-topics.ts";

/** What the page calls a section, table or figure, by its id: `Figure 2`, `Table 1`, `Section 3`. */
export type Labels = ReadonlyMap<string, string>;

/** Numbers sections by topic, tables and figures through the whole report. */
export function numberParts(topics: readonly ToldTopic[]): Labels {
  const labels = new Map<string, string>();
  let [tables, figures] = [0, 0];
  for (const [index, { id, section }] of topics.entries()) {
    labels.set(id, `Section ${index + 1}`);
    for (const block of section?.blocks ?? []) {
      if (block.kind === "table") labels.set(block.table.id, `Table ${++tables}`);
      if (block.kind === "figure") labels.set(block.figure.id, `Figure ${++figures}`);
    }
  }
  return labels;
}
