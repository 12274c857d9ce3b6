// The end-to-end tests: most side by side, then those that kill processes one by one, since they need both cores.
import { run, settle } from "./runner.mjs";

const SIDE_BY_SIDE = ["test/e2e/!(kills)/*.test.ts", "test/e2e/*.test.ts"];
const ALONE = ["test/e2e/kills/*.test.ts"];

const sideBySide = await run(["--test-concurrency=3", ...SIDE_BY_SIDE], "inherit");
const alone = await run(["--test-concurrency=1", ...ALONE], "inherit");
if (!(await settle([...sideBySide, ...alone]))) process.exitCode = 1;
