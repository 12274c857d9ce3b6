import type { Provenance } from "../provenance.ts";
import type { CsvFile } from "./write-report.ts";

/** The README of a report: what each file has, with the columns of the tables. */
export function indexOfFiles(files: readonly CsvFile[], provenance: Provenance): string {
  const { seed, scale, warren, startedAt } = provenance;
  return `# Files of this report

Measured by Warren ${warren.version}${warren.commit === null ? "" : ` (commit ${warren.commit})`} on ${startedAt.slice(0, 10)}, ${scale} run, seed "${seed}".

| File | What |
|---|---|
| \`index.html\` | the report |
| \`evaluation.json\` | the results and what they were measured with; \`warren evaluate --from\` draws the report from it again |
${files.map(({ path, caption }) => `| \`${path}\` | ${cell(caption)} |`).join("\n")}

CSV files are UTF-8 with a header; numbers have all their digits, what does not apply is empty.

${files.map(columnsOf).join("\n\n")}
`;
}

function columnsOf({ path, table }: CsvFile): string {
  const columns = table.columns.map(
    ({ name, unit }) => `- ${unit === undefined ? name : `${name} (${unit})`}`,
  );
  return `## ${path}\n\n${table.rows.length} rows:\n\n${columns.join("\n")}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
