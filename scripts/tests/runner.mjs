// Runs node:test, knows what failed, and says it last, where one who reads the end of a long output finds it.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

/** Devices, kills and time limits are real here, and a machine that stands still for seconds fails some test. */
const MOST_PLACES_AGAIN = 3;
const LINES_OF_MESSAGE = 20;

/** @typedef {{ again: string[], name: string, message: string }} Failure and the runner arguments that repeat it */

/**
 * @param {string[]} runnerArguments of node --test
 * @param {"inherit" | "pipe"} stdio whether it prints as it goes, or in one piece after its end
 * @returns {Promise<Failure[]>} none if all passed
 */
export async function run(runnerArguments, stdio) {
  const folder = mkdtempSync(join(tmpdir(), "warren-tests-"));
  const reportFile = join(folder, "report.jsonl");
  const child = spawn(
    process.execPath,
    [
      "--import",
      "./scripts/tests/compile-cache.mjs",
      "--test",
      ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
      "--test-reporter=./scripts/tests/failures-reporter.mjs",
      `--test-reporter-destination=${reportFile}`,
      ...runnerArguments,
    ],
    { stdio: ["ignore", stdio, stdio] },
  );
  const said = [];
  child.stdout?.on("data", (chunk) => said.push(chunk));
  child.stderr?.on("data", (chunk) => said.push(chunk));
  try {
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    process.stdout.write(Buffer.concat(said));
    const { failures, hasEnded } = readReport(reportFile);
    const told = failures.map(({ file, name, message }) => ({
      again: [relative(process.cwd(), file)],
      name,
      message,
    }));
    if (told.length > 0 || (code === 0 && hasEnded)) return told;
    const message = `status ${code}`;
    return [{ again: runnerArguments, name: "a runner ended before its tests", message }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What failures-reporter.mjs has written. */
function readReport(file) {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const said = lines.map((line) => JSON.parse(line));
  return {
    failures: said.filter(({ name }) => name !== undefined),
    hasEnded: said.some(({ hasEnded }) => hasEnded),
  };
}

/**
 * Runs the files with failures once more, each with the machine for itself, and says at the end what failed, in
 * both cases. A test that fails again fails the run; so do more files than a busy machine explains.
 * @param {Failure[]} failures
 * @returns {Promise<boolean>} whether all passed, at the latest the second time
 */
export async function settle(failures) {
  if (failures.length === 0) return true;
  const places = Object.groupBy(failures, ({ again }) => again.join(" "));
  const few = Object.keys(places).length <= MOST_PLACES_AGAIN;
  const lines = [];
  let passed = few;
  for (const [place, first] of Object.entries(places)) {
    const second = few ? await run(first[0].again, "pipe") : first;
    if (second.length > 0) passed = false;
    lines.push(`${place}: ${verdict(few, second)}`);
    for (const { name, message } of second.length > 0 ? second : first)
      lines.push(
        `  ${name}`,
        ...message.split("\n", LINES_OF_MESSAGE).map((line) => `    ${line}`),
      );
  }
  process.stdout.write(`\nWhat failed:\n${lines.join("\n")}\n`);
  return passed;
}

function verdict(repeated, second) {
  if (!repeated) return "FAILED";
  return second.length === 0
    ? "failed once, and passed alone: it is sensitive to load"
    : "FAILED TWICE";
}
