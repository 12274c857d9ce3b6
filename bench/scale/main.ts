import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { measureScale } from "./measure-scale.ts";

const HELP = `npm run bench:scale -- [--devices N] [--rounds N] [--joins-only] [--out FOLDER]

Imports 1,000 devices, tenfold, and so on up to N into Join Servers on SQLite, and compares what a join
costs on each, in turn; then a campaign of all devices of the largest one, and a rotation of its vault.

  --devices N   how many (default 1000000)
  --rounds N    rounds of joins on each server (default 9)
  --joins-only  neither the campaign nor the rotation
  --out FOLDER  where the JSON goes (default bench-results)`;

const { values } = parseArgs({
  options: {
    devices: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "9" },
    "joins-only": { type: "boolean", default: false },
    out: { type: "string", default: "bench-results" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const scale = await measureScale({
    devices: Number(values.devices),
    rounds: Number(values.rounds),
    joinsOnly: values["joins-only"],
  });
  const result = {
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    node: process.version,
    ...scale,
  };
  mkdirSync(values.out, { recursive: true });
  writeFileSync(`${values.out}/scale.json`, `${JSON.stringify(result, null, 2)}\n`);
}
