import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { RunningJoinServer } from "./join-server/support/running-join-server.ts";
import { runWarren } from "./support/warren.ts";

const folder = temporaryFolder();

function fileWith(...lines: string[]): string {
  const file = join(folder, "warren.toml");
  writeFileSync(file, lines.join("\n"));
  return file;
}

describe("warren config", () => {
  test("show says where every value comes from and hides secrets", async () => {
    const file = fileWith(
      "[storage]",
      'kind = "postgresql"',
      'url = "postgresql://me:geheim@host/db"',
      "[[webhook]]",
      'url = "https://hooks.example.com/"',
      'secret_file = "s"',
    );
    const shown = await runWarren("config", "show", "--config", file, "--admin-port", "1234");
    assert.equal(shown.status, 0);
    assert.match(shown.stdout, /^admin\.port = 1234 +# --admin-port$/m);
    assert.match(shown.stdout, /^backend\.port = 7070 +# default$/m);
    assert.match(shown.stdout, /^storage\.url = <hidden> +# .*warren\.toml:3$/m);
    assert.match(shown.stdout, /^webhook\.0\.url = "https:\/\/hooks.example.com\/" +# .*:5$/m);
    assert.match(shown.stdout, /^# backend\.tls\.cert +# not set$/m);
    assert.doesNotMatch(shown.stdout, /geheim/);
  });

  test("check reads what the configuration names", async () => {
    const file = fileWith(
      'client_tls = { cert = "none.pem", key = "none.key" }',
      "[[webhook]]",
      'url = "https://hooks.example.com/"',
      'secret_file = "short"',
    );
    writeFileSync(join(folder, "short"), "short");
    const wrong = await runWarren("config", "check", "--config", file);
    assert.equal(wrong.status, 1);
    assert.match(
      wrong.stderr,
      /cannot read the certificate .*none\.pem \(ENOENT\)\n.*short: a webhook's secret/,
    );
    writeFileSync(join(folder, "short"), "long enough to be one\n");
    const right = fileWith("[[webhook]]", 'url = "http://h/"', 'secret_file = "short"');
    assert.deepEqual(await runWarren("config", "check", "--config", right), {
      status: 0,
      stdout: "The configuration is in order; 2 values are not the default.\n",
      stderr: "",
    });
  });
});

test("warren health tells a server that is ready from none", async () => {
  const server = await RunningJoinServer.start();
  const { port } = new URL(server.adminUrl);
  const config = fileWith(`admin.port = ${port}`);
  assert.equal((await runWarren("health", "--config", config)).stdout, "ready\n");
  await server.role.close();
  const { status, stderr } = await runWarren("health", "--config", config);
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`no Join Server answers on port ${port} \\(peer-unreachable\\)`));
});
