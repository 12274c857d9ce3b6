// The end-to-end tests: most side by side, then those that kill processes, two at a time: much of their time goes
// into waiting for starts and for devices.
import { run, settle } from "./runner.mjs";

const SIDE_BY_SIDE = ["test/e2e/!(kills)/*.test.ts", "test/e2e/*.test.ts"];
/** Of a second run, in which a file has the machine for itself. */
const TIMEOUT_MS = 600_000;
const KILLING = ["test/e2e/kills/*.test.ts"];

const sideBySide = await run(["--test-concurrency=3", ...SIDE_BY_SIDE], "inherit");
const killing = await run(["--test-concurrency=2", ...KILLING], "inherit");
if (!(await settle([...sideBySide, ...killing], TIMEOUT_MS))) process.exitCode = 1;
