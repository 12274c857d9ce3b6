import { DatabaseSync } from "node:sqlite";

/** Every row of every table of a SQLite file, keys as hex: equal texts mean equal contents. */
export function dumpDatabase(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all();
    return tables
      .map(({ name }) => {
        const rows = database.prepare(`SELECT * FROM "${name}"`).all();
        return `${name}\n${rows.map(formatRow).toSorted().join("\n")}`;
      })
      .join("\n");
  } finally {
    database.close();
  }
}

function formatRow(row: Record<string, unknown>): string {
  return Object.entries(row)
    .map(
      ([name, value]) =>
        `${name}=${value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value}`,
    )
    .join("|");
}
