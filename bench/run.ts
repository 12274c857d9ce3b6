import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { frameCases } from "./frames.ts";
import { type JoinsMeasurement, measureJoins } from "./joins.ts";
import { keyDerivationCases, RABBIT_KDF_CASE } from "./key-derivation.ts";
import { type Measurement, measureInterleaved } from "./measure.ts";

const HELP = `npm run bench -- [--rounds N] [--joins N] [--out FOLDER]

Measures key derivation (next to the paper's Table 3), frames (next to lora-packet) and joins
per second through HTTP with durable storage. Cases of one table are measured in turn, round
after round; figures are medians, and only ratios within one run mean anything.

  --rounds N    rounds of each table (default 25)
  --joins N     joins a round (default 2000)
  --out FOLDER  where the JSON goes (default bench-results)`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "25" },
    joins: { type: "string", default: "2000" },
    out: { type: "string", default: "bench-results" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main(Number(values.rounds), Number(values.joins), values.out);

async function main(rounds: number, joinsPerRound: number, out: string): Promise<void> {
  const machine = {
    node: process.version,
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    rounds,
  };
  console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}\n`);

  const keyDerivation = measureInterleaved(keyDerivationCases(), rounds);
  printTable("Key derivation", keyDerivation, RABBIT_KDF_CASE);
  const frames = measureInterleaved(frameCases(), rounds);
  printTable("Frames", frames, "decode + MIC 1.0, ours");

  const joins: JoinsMeasurement[] = [];
  for (const macVersion of ["1.0.4", "1.1.0"] as const) {
    for (const connections of [1, 16]) {
      joins.push(await measureJoins(macVersion, Math.min(rounds, 5), joinsPerRound, connections));
    }
  }
  printJoins(joins);

  mkdirSync(out, { recursive: true });
  const file = `${out}/bench.json`;
  const results = { measuredAt: new Date().toISOString(), machine, keyDerivation, frames, joins };
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nwritten to ${file}`);
}

function printTable(title: string, rows: readonly Measurement[], reference: string): void {
  const base = rows.find(({ name }) => name === reference)?.medianNs ?? Number.NaN;
  console.log(`${title} (median of ${rows[0]?.rounds} rounds; ratio to "${reference}")`);
  for (const row of rows) {
    const cells = [
      row.name.padEnd(48),
      `${(row.medianNs / 1000).toFixed(2)} us`.padStart(12),
      `min ${(row.minimumNs / 1000).toFixed(2)}`.padStart(12),
      `p90 ${(row.p90Ns / 1000).toFixed(2)}`.padStart(12),
      `x ${(row.medianNs / base).toFixed(2)}`.padStart(9),
    ];
    console.log(`  ${cells.join("")}`);
  }
  console.log("");
}

function printJoins(rows: readonly JoinsMeasurement[]): void {
  console.log("Joins per second over HTTP, each on disk (WAL, synchronous FULL) before its answer");
  for (const row of rows) {
    const spread = `${Math.min(...row.joinsPerSecond).toFixed(0)} to ${Math.max(...row.joinsPerSecond).toFixed(0)}`;
    console.log(
      `  ${row.macVersion}, ${String(row.connections).padStart(2)} connections`.padEnd(30),
      `${row.medianJoinsPerSecond.toFixed(0)}/s (${spread})`,
    );
  }
}
