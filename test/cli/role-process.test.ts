import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROLE_PROCESS = fileURLToPath(new URL("../../src/cli/role-process.ts", import.meta.url));
const KEY = "00112233445566778899aabbccddeeff";

/** Runs a role that goes wrong as `code` says, and returns all that is said by then. */
async function runRoleWith(code: string): Promise<{ status: number; output: string }> {
  const folder = temporaryFolder();
  const script = join(folder, "role.ts");
  writeFileSync(
    script,
    `import { runRole } from ${JSON.stringify(ROLE_PROCESS)};
    await runRole("test", { logLevel: "info", data: ${JSON.stringify(folder)} }, async (logger) => {
      ${code}
      return { addresses: {}, close: () => Promise.resolve() };
    });`,
  );
  const child = spawn(process.execPath, [script]);
  after(() => child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [status] = await once(child, "close");
  return { status: status as number, output };
}

test("a defect ends the process with status 1 and a last line without keys", async () => {
  const error = `Object.assign(new TypeError("not " + "${KEY}"), { nwkKey: "${KEY}" })`;
  for (const code of [
    `setTimeout(() => { throw ${error}; }, 50);`,
    `setTimeout(() => { void Promise.reject(${error}); }, 50);`,
    `setTimeout(() => { throw { key: "${KEY}" }; }, 50);`,
  ]) {
    const { status, output } = await runRoleWith(code);
    assert.equal(status, 1, output);
    const last = JSON.parse(output.trim().split("\n").at(-1) ?? "");
    assert.deepEqual([last.level, last.event], [60, "defect"]);
    assert.ok(!output.includes(KEY), output);
  }
});

test("a start that fails says why without keys", async () => {
  const { status, output } = await runRoleWith(`throw new Error("cannot use ${KEY}");`);
  assert.equal(status, 1);
  assert.match(output, /^warren test: Error: cannot use <hidden>\n +at /);
});

test("lines that wait are written before the end", async () => {
  const { output } = await runRoleWith(
    `for (let i = 0; i < 5000; i++) logger.info({ event: "line", i });
     setTimeout(() => process.kill(process.pid, "SIGTERM"), 0);`,
  );
  assert.equal(output.split("\n").filter((line) => line.includes('"event":"line"')).length, 5_000);
});
