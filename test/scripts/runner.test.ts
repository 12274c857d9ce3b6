import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { temporaryFolder } from "../support/temporary-folder.ts";

const TESTS = {
  "test/lorawan/passes.test.mjs": `test("passes", () => {});`,
  "test/lorawan/fails.test.mjs": `test("fails", () => { throw new Error("the reason"); });`,
  "test/lorawan/cut-off.test.mjs": `test("hangs", () => new Promise(() => setTimeout(() => process.exit(0), 50)));`,
  "test/simulator/late.test.mjs": `
    import { existsSync, writeFileSync } from "node:fs";
    test("late once", () => {
      if (existsSync("been-here")) return;
      writeFileSync("been-here", "");
      throw new Error("too late");
    });`,
  "test/simulator/draws.test.mjs": `
    // import fc from "fast-check"
    test("fails", () => { throw new Error("a rare case"); });`,
  "test/simulator/imports.test.mjs": `import { define } from "./part.mjs"; define();`,
  "test/simulator/part.mjs": `
    export function define() { test("of a part", () => { throw new Error("in a part"); }); }`,
  "test/simulator/hangs.test.mjs": `
    import { spawn } from "node:child_process";
    test("leaves something running", () => {
      spawn("sleep", ["9"], { stdio: "inherit" }).unref();
      setInterval(() => {}, 1_000);
    });`,
  "test/simulator/hangs-once.test.mjs": `
    import { existsSync, writeFileSync } from "node:fs";
    test("fails and hangs once", () => {
      if (existsSync("hung-here")) return;
      writeFileSync("hung-here", "");
      setInterval(() => {}, 1_000);
      throw new Error("too late");
    });`,
  "test/simulator/always.test.mjs": `test("fails", () => { throw new Error("always"); });`,
};

/** What the runner says of such tests and whether they passed, in a folder that has only it and them. */
function settled(
  folder: string,
  files: readonly string[],
  further: readonly string[] = [],
  limitMs = 60_000,
) {
  const script = `
    import { run, settle } from "./scripts/tests/runner.mjs";
    const failures = await run(${JSON.stringify([...further, ...files])}, "pipe", ${limitMs});
    process.exitCode = (await settle(failures, 10_000)) ? 0 : 1;`;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { cwd: folder, env, encoding: "utf8" },
  );
  assert.equal(stderr, "");
  return { passed: status === 0, verdict: stdout.split("\nWhat failed:\n")[1] ?? "" };
}

describe("the runner of all tests", () => {
  const folder = temporaryFolder();
  before(() => {
    cpSync(new URL("../../scripts/tests/", import.meta.url), join(folder, "scripts/tests"), {
      recursive: true,
    });
    for (const [file, text] of Object.entries(TESTS)) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), `import { test } from "node:test";\n${text}\n`);
    }
  });

  test("is content when all passed", () => {
    const told = settled(folder, ["test/lorawan/passes.test.mjs"]);
    assert.deepEqual(told, { passed: true, verdict: "" });
  });

  test("fails with a test that failed, and says which and why", () => {
    const { passed, verdict } = settled(folder, [
      "test/lorawan/passes.test.mjs",
      "test/lorawan/fails.test.mjs",
    ]);
    assert.equal(passed, false);
    assert.match(verdict, /^test\/lorawan\/fails.test.mjs: FAILED\n {2}fails\n.*the reason/);
  });

  test("does not believe a process that ended before its tests, whatever its status", () => {
    const cutOff = ["test/lorawan/cut-off.test.mjs"];
    const shared = settled(folder, cutOff, ["--test-isolation=none"]);
    assert.equal(shared.passed, false);
    assert.match(shared.verdict, /a runner ended before its tests/);
    const alone = settled(folder, cutOff);
    assert.equal(alone.passed, false);
    assert.match(
      alone.verdict,
      /^test\/lorawan\/cut-off.test.mjs: FAILED\n.*\n.*ended before any test/,
    );
  });

  test("ends what hangs, whatever it has started, and has not passed then", () => {
    for (const further of [[], ["--test-isolation=none"]]) {
      const files = ["test/simulator/hangs.test.mjs", "test/lorawan/passes.test.mjs"];
      const begin = Date.now();
      const { passed, verdict } = settled(folder, files, further, 2_000);
      assert.ok(Date.now() - begin < 8_000);
      assert.equal(passed, false);
      assert.match(
        verdict,
        /no file: FAILED\n {2}a runner ended before its tests\n.* after [2-4] s/,
      );
    }
  });

  test("does not forgive a failure of a run that hung, in which others may not have run", () => {
    for (const further of [[], ["--test-isolation=none"]]) {
      rmSync(join(folder, "hung-here"), { force: true });
      const files = ["test/simulator/hangs-once.test.mjs"];
      const { passed, verdict } = settled(folder, files, further, 2_000);
      assert.equal(passed, false);
      assert.match(verdict, /a runner ended before its tests/);
    }
  });

  test("forgives a test with deadlines that passes alone, and names it", () => {
    const { passed, verdict } = settled(folder, ["test/simulator/late.test.mjs"]);
    assert.equal(passed, true);
    assert.match(verdict, /late.test.mjs: failed once, and passed alone/);
    assert.match(verdict, /too late/);
  });

  test("does not take a module that defines tests for a file of tests", () => {
    const { passed, verdict } = settled(folder, ["test/simulator/imports.test.mjs"]);
    assert.equal(passed, false);
    assert.match(verdict, /part.mjs: FAILED\n {2}of a part\n.*in a part/);
  });

  test("does not forgive one that fails again, nor one that draws its inputs", () => {
    const { passed, verdict } = settled(folder, [
      "test/simulator/always.test.mjs",
      "test/simulator/draws.test.mjs",
    ]);
    assert.equal(passed, false);
    assert.match(verdict, /always.test.mjs: FAILED TWICE/);
    assert.match(verdict, /draws.test.mjs: FAILED\n/);
  });
});
