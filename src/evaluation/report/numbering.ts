import type { ToldTopic } from "../tell-topics.ts";

/** What the page calls a section, table or figure, by its id: `Figure 2.1`, `Table 1.3`, `Section 3`. */
export type Labels = ReadonlyMap<string, string>;

/**
 * Numbers sections by topic, tables and figures within their section: so that none has the number of one of the
 * paper's, which are spoken of at every turn.
 */
export function numberParts(topics: readonly ToldTopic[]): Labels {
  const labels = new Map<string, string>();
  for (const [index, { id, section }] of topics.entries()) {
    const number = index + 1;
    let [tables, figures] = [0, 0];
    labels.set(id, `Section ${number}`);
    for (const block of section?.blocks ?? []) {
      if (block.kind === "table") labels.set(block.table.id, `Table ${number}.${++tables}`);
      if (block.kind === "figure") labels.set(block.figure.id, `Figure ${number}.${++figures}`);
    }
  }
  return labels;
}
