// All tests but the end-to-end ones. Most of the time of a test file of its own goes into loading what it
// tests, so files that start no process share one, four such at a time; those that start many, measure or
// search their own memory come after them, each in a process of its own.
import { run, settle } from "./runner.mjs";

const SHARED = [
  ...["application-server", "backend", "crypto", "device-files", "events", "gwmp", "join-server"],
  ...[
    "lorawan",
    "metrics",
    "network-server",
    "root-key",
    "server",
    "simulator",
    "storage",
    "vault",
  ],
  "web",
];
const ON_THEIR_OWN = `test/!(e2e|${SHARED.join("|")})/**/*.test.ts`;
/** More than processors: much of their time is waiting. */
const SHARDS = 4;
/** Of a test: one that hangs would hold up all others of its process. */
const TIMEOUT_MS = 120_000;

const files = SHARED.map((folder) => `test/${folder}/**/*.test.ts`);
const shared = await Promise.all(
  Array.from({ length: SHARDS }, (_, shard) =>
    run(
      [
        "--test-isolation=none",
        `--test-timeout=${TIMEOUT_MS}`,
        `--test-shard=${shard + 1}/${SHARDS}`,
        ...files,
      ],
      "pipe",
    ),
  ),
);
const onTheirOwn = await run(["--test-concurrency=3", "test/*.test.ts", ON_THEIR_OWN], "inherit");
if (!(await settle([...shared.flat(), ...onTheirOwn], TIMEOUT_MS))) process.exitCode = 1;
