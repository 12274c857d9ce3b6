import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Provenance } from "../provenance.ts";
import type { ToldTopic } from "../tell-topics.ts";
import { formatCsv } from "./csv.ts";
import { pageHtml } from "./html/page.ts";
import { indexOfFiles } from "./index-of-files.ts";
import type { Block, Table } from "./section.ts";

export const PAGE_FILE = "index.html";
const README_FILE = "README.md";
const TABLE_FOLDERS = ["tables", "figures"];

/** A CSV file of the report. */
export interface CsvFile {
  /** Relative to the report. */
  readonly path: string;
  readonly topicTitle: string;
  readonly caption: string;
  readonly table: Table;
}

/**
 * Writes the page, the CSV files and the list of them. CSV files of an earlier report are taken away.
 *
 * @param directory is there
 * @returns the path of the page
 */
export function writeReport(
  directory: string,
  topics: readonly ToldTopic[],
  provenance: Provenance,
): string {
  const page = join(directory, PAGE_FILE);
  const html = pageHtml(topics, provenance);
  const files = csvFiles(topics);
  removeReport(directory);
  for (const folder of TABLE_FOLDERS) mkdirSync(join(directory, folder), { recursive: true });
  for (const { path, table } of files) writeFileSync(join(directory, path), formatCsv(table));
  writeFileSync(join(directory, README_FILE), indexOfFiles(files, provenance));
  writeFileSync(page, html);
  return page;
}

/** Takes away what `writeReport` wrote, the data not. */
export function removeReport(directory: string): void {
  for (const name of [PAGE_FILE, README_FILE]) rmSync(join(directory, name), { force: true });
  for (const folder of TABLE_FOLDERS.map((name) => join(directory, name)).filter(existsSync)) {
    for (const name of readdirSync(folder)) {
      if (name.endsWith(".csv")) rmSync(join(folder, name));
    }
  }
}

function csvFiles(topics: readonly ToldTopic[]): CsvFile[] {
  return topics.flatMap(({ title, section }) =>
    (section?.blocks ?? []).flatMap((block) => csvFileOf(block, title)),
  );
}

function csvFileOf(block: Block, topicTitle: string): CsvFile[] {
  if (block.kind === "table") {
    const { table } = block;
    return [{ path: `tables/${table.id}.csv`, topicTitle, caption: table.caption, table }];
  }
  if (block.kind === "figure") {
    const { id, caption, data } = block.figure;
    return [{ path: `figures/${id}.csv`, topicTitle, caption, table: data }];
  }
  return [];
}
