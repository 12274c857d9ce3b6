import type { PostgresMeasurement } from "./measure-postgres.ts";

/** Prints the table, or why there is none. */
export function printPostgres(rows: readonly PostgresMeasurement[] | string): void {
  console.log("Joins per second on PostgreSQL (fsync on, synchronous_commit on, 32 connections)");
  if (typeof rows === "string") {
    console.log(`  skipped: ${rows}\n`);
    return;
  }
  for (const { name, perSecond, medianPerSecond, medianP99Us, medianRatio } of rows) {
    const spread = `${Math.min(...perSecond).toFixed(0)} to ${Math.max(...perSecond).toFixed(0)}`;
    const cells = [
      name.padEnd(38),
      `${medianPerSecond.toFixed(0)}/s`.padStart(9),
      ` (${spread})`.padEnd(20),
      medianP99Us === undefined ? "" : `p99 ${(medianP99Us / 1000).toFixed(1)} ms`.padStart(14),
      medianRatio === undefined ? "" : `   x ${medianRatio.toFixed(2)} of pgbench`,
    ];
    console.log(`  ${cells.join("")}`);
  }
  console.log("");
}
