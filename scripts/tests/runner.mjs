// Runs node:test, knows what failed, and says it last, where one who reads the end of a long output finds it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Tests of files below here have deadlines in real time, which a machine that stands still for seconds takes from
 * them. All others fail for good at once: where inputs or the moments of kills are drawn at random, a second run
 * that passes says nothing of the first.
 */
const WITH_DEADLINES = [
  ...["test/application-server/", "test/cli/", "test/e2e/console/", "test/network-server/"],
  ...["test/server/", "test/simulator/"],
];
/** A test may be told to be of a module that a file of tests imports, which holds no test of its own. */
const HOLDS_TESTS = /\.test\.[a-z]+$/;
const DRAWS_INPUTS = /from "fast-check"/;
const MOST_FILES_AGAIN = 3;
const LINES_OF_MESSAGE = 20;
/** All that one runner runs takes a third of it on two slow processors. What hangs for longer would end nowhere. */
const LIMIT_MS = 15 * 60_000;
/** For what is still in the pipes once it has ended. */
const LAST_WORDS_MS = 2_000;

/**
 * @typedef {object} Failure
 * @property {string} [file] from the current folder; none when a runner itself failed
 * @property {string} name of the test
 * @property {string} message
 */

/**
 * @param {string[]} runnerArguments of node --test
 * @param {"inherit" | "pipe"} stdio whether it prints as it goes, or in one piece after its end
 * @param {number} [limitMs] after which it is told to end, and counts as failed
 * @returns {Promise<Failure[]>} none if all passed
 */
export async function run(runnerArguments, stdio, limitMs = LIMIT_MS) {
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
    { stdio: ["ignore", stdio, stdio], timeout: limitMs },
  );
  const begin = Date.now();
  const said = [];
  child.stdout?.on("data", (chunk) => said.push(chunk));
  child.stderr?.on("data", (chunk) => said.push(chunk));
  try {
    const isClosed = once(child, "close");
    const [code, signal] = await once(child, "exit");
    const seconds = Math.round((Date.now() - begin) / 1_000);
    // What a test has started and left may hold the pipes open.
    await Promise.race([isClosed, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    for (const pipe of [child.stdout, child.stderr]) pipe?.destroy();
    process.stdout.write(Buffer.concat(said));
    const { failures, hasEnded } = readReport(reportFile);
    if (hasEnded && (failures.length > 0 || code === 0)) return failures;
    const message = `${signal ?? `status ${code}`} after ${seconds} s`;
    return [...failures, { name: "a runner ended before its tests", message }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What failures-reporter.mjs has written. */
function readReport(file) {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const said = lines.map((line) => JSON.parse(line));
  return {
    failures: said
      .filter(({ name }) => name !== undefined)
      .map(({ file, ...rest }) => ({ ...rest, file: file && relative(process.cwd(), file) })),
    hasEnded: said.some(({ hasEnded }) => hasEnded),
  };
}

/**
 * Says at the end what failed. Files whose tests have deadlines run once more, each with the machine for itself;
 * one that fails again fails the run, and so do more files than a busy machine explains.
 * @param {Failure[]} failures
 * @param {number} timeoutMs of each test of a second run
 * @returns {Promise<boolean>} whether all passed, at the latest the second time
 */
export async function settle(failures, timeoutMs) {
  if (failures.length === 0) return true;
  const byFile = Object.groupBy(failures, ({ file }) => file ?? "");
  const isFew = Object.keys(byFile).length <= MOST_FILES_AGAIN;
  const lines = [];
  let passed = true;
  for (const [file, first] of Object.entries(byFile)) {
    const isRepeated = isFew && hasDeadlines(file);
    const last = isRepeated ? await run([`--test-timeout=${timeoutMs}`, file], "pipe") : first;
    if (last.length > 0) passed = false;
    lines.push(`${file || "no file"}: ${verdict(isRepeated, last)}`);
    for (const { name, message } of last.length > 0 ? last : first)
      lines.push(
        `  ${name}`,
        ...message.split("\n", LINES_OF_MESSAGE).map((line) => `    ${line}`),
      );
  }
  process.stdout.write(`\nWhat failed:\n${lines.join("\n")}\n`);
  return passed;
}

/** @param {string} file from the current folder */
function hasDeadlines(file) {
  return (
    HOLDS_TESTS.test(file) &&
    WITH_DEADLINES.some((folder) => file.startsWith(folder)) &&
    !DRAWS_INPUTS.test(readFileSync(file, "utf8"))
  );
}

function verdict(isRepeated, last) {
  if (!isRepeated) return "FAILED";
  return last.length === 0
    ? "failed once, and passed alone: it is sensitive to load"
    : "FAILED TWICE";
}
