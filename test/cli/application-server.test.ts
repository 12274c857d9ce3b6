import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { spawnWarren } from "./support/warren.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const folder = temporaryFolder();
let child: ChildProcess | undefined;

after(() => {
  child?.kill("SIGKILL");
});

test("warren application-server says when it is ready, and stops cleanly", async () => {
  const data = join(folder, "data");
  const args = ["application-server", "--data", data, "--http-port", "0", "--log-level", "error"];
  const server = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  child = server;
  const exit = new Promise((resolve) => server.once("exit", resolve));
  const line = await new Promise<string>((resolve) =>
    createInterface(server.stdout).once("line", resolve),
  );
  const { event, addresses } = JSON.parse(line);
  assert.equal(event, "ready");
  const livez = await fetch(`${addresses.http}/livez`);
  assert.deepEqual(await livez.json(), { status: "ok" });
  const port = new URL(addresses.http).port;
  const second = await spawnWarren(
    ...["application-server", "--data", join(folder, "second"), "--http-port", port],
  );
  assert.equal(second.status, 1);
  assert.match(second.stderr, new RegExp(`127.0.0.1:${port} is in use .*\\(port-in-use\\)`));
  server.kill("SIGTERM");
  assert.equal(await exit, 0);
  assert.ok(existsSync(join(data, "admin-token")));
});

test("a wrong KEK ends with exit status 1 and says what to do", async () => {
  const { status, stderr } = await spawnWarren(
    ...["application-server", "--data", join(folder, "other"), "--kek-label", "as"],
  );
  assert.equal(status, 1);
  assert.match(stderr, /--kek-file and --kek-label belong together \(configuration-invalid\)/);
});
