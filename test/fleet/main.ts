import { writeFileSync } from "node:fs";
import { FLEET_HELP, readFleetOptions } from "./fleet-options.ts";
import { runFleet } from "./run-fleet.ts";

const read = readFleetOptions(process.argv.slice(2));
if (read === undefined) {
  process.stdout.write(`${FLEET_HELP}\n`);
} else {
  const startedAt = Date.now();
  const report = await runFleet(read.options, (line) => {
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(0).padStart(5);
    process.stdout.write(`${seconds} s  ${line}\n`);
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  if (read.jsonFile !== undefined) {
    writeFileSync(read.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  }
  process.exitCode = report.problems.length === 0 ? 0 : 1;
}
