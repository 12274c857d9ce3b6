import type { JoinsMeasurement } from "./measure-joins.ts";

/** Prints the table of joins; the ratio is to the last row, the anchor if there is one. */
export function printJoins(
  rows: readonly JoinsMeasurement[] | undefined,
  hasAnchor: boolean,
): void {
  console.log("Joins per second over HTTP (LoRaWAN 1.1, four wrapped keys, 32 connections of wrk)");
  if (rows === undefined) {
    console.log("  skipped: there is no wrk (Debian: apt-get install wrk)\n");
    return;
  }
  const base = rows.at(-1)?.medianPerSecond ?? Number.NaN;
  for (const { name, perSecond, medianPerSecond, medianP99Us, at70 } of rows) {
    const spread = `${Math.min(...perSecond).toFixed(0)} to ${Math.max(...perSecond).toFixed(0)}`;
    const cells = [
      name.padEnd(38),
      `${medianPerSecond.toFixed(0)}/s`.padStart(9),
      ` (${spread})`.padEnd(20),
      `p99 ${(medianP99Us / 1000).toFixed(1)} ms`.padStart(14),
      at70 === undefined
        ? ""
        : `   at ${at70.perSecond.toFixed(0)}/s: p50 ${(at70.p50Us / 1000).toFixed(1)}, p99 ${(at70.p99Us / 1000).toFixed(1)} ms`,
      `   x ${(medianPerSecond / base).toFixed(2)}`,
    ];
    console.log(`  ${cells.join("")}`);
  }
  if (!hasAnchor) {
    console.log("  no other Join Server to compare with: --anchor, see docs/performance/joins.md");
  }
  console.log("");
}
