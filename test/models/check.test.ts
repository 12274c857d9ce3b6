import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { checkConfigurations } from "../../models/check-configurations.ts";
import { CONFIGURATIONS } from "../../models/configurations.ts";
import { spinMissing } from "../../models/run-spin.ts";

const skip = process.platform === "linux" ? spinMissing() : "looks for processes below /proc";

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "warren-models-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Programs that run out of a folder. */
function programsIn(folder: string): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      const program = readlinkSync(`/proc/${pid}/exe`);
      return program.startsWith(folder) ? [program] : [];
    } catch {
      return [];
    }
  });
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `not in a minute: ${what}`);
    await sleep(20);
  }
}

for (const [signal, code, when] of [
  ["SIGTERM", 143, "searches"],
  ["SIGINT", 130, "is being built"],
] as const) {
  test(`ended by ${signal} while a model ${when}, the check leaves nothing behind`, {
    skip,
  }, async (t) => {
    const folder = newFolder(t);
    const check = spawn(
      process.execPath,
      ["models/check.ts", "--jobs", "2", "--only", "1.0.2: on a fair network, 2 attempts before"],
      { env: { ...process.env, TMPDIR: folder }, stdio: "ignore" },
    );
    t.after(() => check.kill("SIGKILL"));
    const isSearching = () => programsIn(folder).length > 0;
    const isBuilding = () => readdirSync(folder).length > 0;
    await until(when, when === "searches" ? isSearching : isBuilding);
    const ended = once(check, "exit");
    check.kill(signal);
    assert.deepEqual(await ended, [code, null]);
    await until("the end of the search", () => programsIn(folder).length === 0);
    assert.deepEqual(readdirSync(folder), []);
  });
}

test("a model that cannot be built ends the other searches, and is what is told", {
  skip,
}, async (t) => {
  const folder = newFolder(t);
  const before = process.env["TMPDIR"];
  t.after(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
  process.env["TMPDIR"] = folder;
  const slow = CONFIGURATIONS.filter(({ name }) =>
    name.includes("2: on a fair network, 2 attempts"),
  );
  const broken = { ...slow[0]!, switches: ["ATTEMPTS=no number"] };
  const { signal } = new AbortController();
  const checked = checkConfigurations([...slow, broken], { jobs: 2, signal }, () => undefined);
  await assert.rejects(checked, /spin/);
  assert.deepEqual(readdirSync(folder), []);
  await until("the end of the search", () => programsIn(folder).length === 0);
});
