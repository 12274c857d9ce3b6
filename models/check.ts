import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { checkConfigurations } from "./check-configurations.ts";
import { CONFIGURATIONS, type Configuration } from "./configurations.ts";
import { type SearchResult, spinMissing } from "./run-spin.ts";
import { stopSignal } from "./stop-signal.ts";

const HELP = `npm run models -- [--all] [--only TEXT] [--trail] [--jobs N]

Checks the model of the root key update with SPIN, each time the whole state space: that the protocol
holds, and that faults put into the model are found. Ends with 1 when anything comes out otherwise than
expected.

  --all        every configuration (minutes), not only those of npm test
  --only TEXT  those whose name contains TEXT, of all
  --trail      prints the events that lead to each violation
  --jobs N     so many at the same time (default: one a processor)`;

const { values } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    only: { type: "string" },
    trail: { type: "boolean", default: false },
    jobs: { type: "string", default: String(availableParallelism()) },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const signal = stopSignal();
  try {
    process.exitCode = await check(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function check(signal: AbortSignal): Promise<number> {
  const missing = spinMissing();
  if (missing !== false) return fail(missing);
  const chosen = CONFIGURATIONS.filter(isChosen);
  if (chosen.length === 0) return fail(`no configuration has "${values.only}" in its name`);

  let unexpected = 0;
  let total = 0;
  console.log("     states   depth     s  found                    configuration");
  const options = { jobs: Number(values.jobs), signal };
  await checkConfigurations(chosen, options, ({ name, results, expected }) => {
    for (const [index, result] of results.entries()) {
      total++;
      if (!printResult(name, result, expected[index])) unexpected++;
    }
  });
  console.log(`${total - unexpected} of ${total} as expected`);
  return unexpected === 0 ? 0 : 1;
}

function isChosen({ name, isFast }: Configuration): boolean {
  const { only, all } = values;
  return only === undefined ? all || isFast : name.includes(only);
}

/** Prints one line, and with --trail the counterexample; whether it came out as expected. */
function printResult(name: string, result: SearchResult, expected: string | undefined): boolean {
  const isExpected = result.outcome === expected;
  const cells = [
    isExpected ? " ok" : " NO",
    String(result.states).padStart(8),
    String(result.depth).padStart(7),
    result.seconds.toFixed(1).padStart(5),
    "",
    result.outcome.padEnd(24),
    result.claim === undefined ? name : `${name}: ${result.claim}`,
  ];
  console.log(cells.join(" "), isExpected ? "" : `-- expected: ${expected}`);
  if (values.trail) for (const line of result.counterexample) console.log(`      ${line}`);
  return isExpected;
}

function fail(reason: string): number {
  console.error(reason);
  return 1;
}
