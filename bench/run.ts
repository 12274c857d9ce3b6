import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { frameCases, payloadAndJoinAcceptCases } from "./frames.ts";
import { measureJoins } from "./joins/measure-joins.ts";
import { printJoins } from "./joins/print-joins.ts";
import { measureBulk } from "./key-derivation/measure-bulk.ts";
import { measureSuites } from "./key-derivation/measure-suites.ts";
import { printBulk, printSuites } from "./key-derivation/print-key-derivation.ts";
import { keyDerivationCases, RABBIT_KDF_CASE } from "./key-derivation/table-3-cases.ts";
import { type Measurement, measureInterleaved } from "./measure.ts";
import { measurePostgres } from "./postgres/measure-postgres.ts";
import { printPostgres } from "./postgres/print-postgres.ts";
import { measureScale } from "./scale/measure-scale.ts";
import { measureStarts, printStarts } from "./start.ts";
import { measureStorms } from "./storm/measure-storm.ts";
import { printStorms } from "./storm/print-storm.ts";
import { measureApplicationServer, printApplicationServer } from "./uplinks/application-server.ts";
import { measureUplinks } from "./uplinks/measure-uplinks.ts";
import { printUplinks } from "./uplinks/print-uplinks.ts";

const HELP = `npm run bench -- [--only PART] [--rounds N] [--out FOLDER]

Measures key derivation (the paper's Table 3; Rabbit next to C and Crypto++), frames (next to lora-packet) and joins
per second through HTTP with durable storage. Cases of one table are measured in turn, round
after round; figures are medians, and only ratios within one run mean anything.

  --only PART       key-derivation, frames, joins, uplinks, application-server, postgres, storm, scale or
                    start; may be given several times (default all)
  --rounds N        rounds of each table (default 25; of joins at most 5)
  --anchor PROGRAM  another Join Server for the joins to be compared with: docs/performance/joins.md
  --seconds N       of each load of joins (default 6)
  --devices N       of the largest Join Server of the scale part (default 100000; 1000000 takes minutes)
  --out FOLDER      where the JSON goes (default bench-results)`;

const PARTS = [
  ...["key-derivation", "frames", "joins", "uplinks", "application-server"],
  ...["postgres", "storm", "scale", "start"],
];

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "25" },
    only: { type: "string", multiple: true, default: PARTS },
    anchor: { type: "string" },
    seconds: { type: "string", default: "6" },
    devices: { type: "string", default: "100000" },
    out: { type: "string", default: "bench-results" },
    help: { type: "boolean", default: false },
  },
});

const unknown = values.only.filter((part) => !PARTS.includes(part));
const wrong = (["rounds", "seconds", "devices"] as const).filter(
  (name) => !(Number(values[name]) >= 1),
);
if (values.help) console.log(HELP);
else if (unknown.length > 0) stop(`--only: ${PARTS.join(", ")}, not ${unknown.join(", ")}`);
else if (wrong.length > 0)
  stop(`--${wrong[0]}: a number from 1, not ${values[wrong[0] as "rounds"]}`);
else await main(Number(values.rounds), values.out);

function stop(message: string): void {
  console.error(`bench: ${message}`);
  process.exitCode = 2;
}

async function main(rounds: number, out: string): Promise<void> {
  const machine = {
    node: process.version,
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    rounds,
  };
  console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}\n`);

  const results: Record<string, unknown> = { measuredAt: new Date().toISOString(), machine };
  if (values.only.includes("key-derivation")) {
    const keyDerivation = measureInterleaved(keyDerivationCases(), rounds);
    printTable("Key derivation", keyDerivation, RABBIT_KDF_CASE);
    const rabbitSuites = await measureSuites(rounds);
    printSuites(rabbitSuites);
    const bulk = await measureBulk(Math.min(rounds, 5));
    printBulk(bulk);
    results["keyDerivation"] = { table3: keyDerivation, rabbitSuites, bulk };
  }
  if (values.only.includes("frames")) {
    const frames = measureInterleaved([...frameCases(), ...payloadAndJoinAcceptCases()], rounds);
    printTable("Frames", frames, "decode + MIC 1.0, ours");
    results["frames"] = frames;
  }
  if (values.only.includes("joins")) {
    const joins = await measureJoins({
      rounds: Math.min(rounds, 5),
      seconds: Number(values.seconds),
      anchor: values.anchor,
    });
    printJoins(joins, values.anchor !== undefined);
    results["joins"] = joins ?? null;
  }
  if (values.only.includes("uplinks")) {
    const uplinks = await measureUplinks({
      rounds: Math.min(rounds, 5),
      seconds: Number(values.seconds),
    });
    printUplinks(uplinks);
    results["uplinks"] = uplinks;
  }
  if (values.only.includes("application-server")) {
    const figures = await measureApplicationServer(Math.min(rounds, 5), Number(values.seconds));
    printApplicationServer(figures);
    results["applicationServer"] = figures;
  }
  if (values.only.includes("postgres")) {
    const postgres = await measurePostgres({
      rounds: Math.min(rounds, 5),
      seconds: Number(values.seconds),
    });
    printPostgres(postgres);
    results["postgres"] = postgres;
  }
  if (values.only.includes("storm")) {
    const storms = await measureStorms({ windowSeconds: Number(values.seconds), maxSeconds: 60 });
    printStorms(storms);
    results["storm"] = storms;
  }
  if (values.only.includes("scale")) {
    const devices = Number(values.devices);
    const scale = await measureScale({ devices, rounds: Math.min(rounds, 9), joinsOnly: false });
    results["scale"] = scale;
  }

  if (values.only.includes("start")) {
    const starts = await measureStarts(Math.min(rounds, 5));
    printStarts(starts);
    results["starts"] = starts;
  }

  mkdirSync(out, { recursive: true });
  const file = `${out}/bench.json`;
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
