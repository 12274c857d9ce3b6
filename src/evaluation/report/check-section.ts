import type { Block, Section, Table } from "./section.ts";

/** Ids are names of files and anchors of the page. */
const ID = /^[a-z][a-z0-9-]*$/;

/**
 * Checks what the types cannot say of a section: rows as long as the columns are many, ids that can be
 * names of files and that nothing else has.
 *
 * @param usedIds of the topics, and of the sections before; those of this one are added
 * @throws Error a mistake of the topic
 */
export function checkSection(section: Section, usedIds: Set<string>): void {
  const blockIds = section.blocks.flatMap(idOf);
  for (const [index, id] of blockIds.entries()) {
    if (!ID.test(id)) throw new Error(`"${id}" cannot be the name of a file`);
    if (usedIds.has(id) || blockIds.indexOf(id) !== index) {
      throw new Error(`${id} is the name of something else in the report`);
    }
  }
  for (const table of section.blocks.flatMap(tableOf)) checkRows(table);
  for (const id of blockIds) usedIds.add(id);
}

function idOf(block: Block): string[] {
  if (block.kind === "table") return [block.table.id];
  return block.kind === "figure" ? [block.figure.id] : [];
}

function tableOf(block: Block): Table[] {
  if (block.kind === "table") return [block.table];
  return block.kind === "figure" ? [block.figure.data] : [];
}

function checkRows({ id, columns, rows }: Table): void {
  const wrong = rows.findIndex((row) => row.length !== columns.length);
  if (wrong === -1) return;
  const cells = rows[wrong]?.length;
  throw new Error(`row ${wrong} of ${id} has ${cells} cells for ${columns.length} columns`);
}
