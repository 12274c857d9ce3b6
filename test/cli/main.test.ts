import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { COMMANDS } from "../../src/cli/main.ts";
import { runWarren, spawnWarren } from "./support/warren.ts";

const packageJson = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string };
const NAMES = [
  "run",
  "join-server",
  "network-server",
  "application-server",
  "simulator",
  "device",
  "import",
  "export",
  "campaign",
  "policy",
  "device-profile",
  "keys",
  "peer",
  "join-eui",
  "token",
  "audit",
  "console",
  "config",
  "health",
  "vault",
  "backup",
  "restore",
  "encrypt-keys",
  "kdf",
  "frame",
  "evaluate",
];

describe("warren", () => {
  test("shows its commands in groups, from any folder", async () => {
    const { status, stdout, stderr } = await spawnWarren("--help");
    assert.equal(status, 0);
    assert.equal(stderr, "");
    for (const name of NAMES) assert.match(stdout, new RegExp(`^  ${name} `, "m"));
    assert.deepEqual(
      COMMANDS.map(({ name }) => name),
      NAMES,
    );
    for (const group of ["network", "roles", "Administration", "look after", "Tools"])
      assert.match(stdout, new RegExp(`${group}.*:`));
    assert.match(stdout, /Exit status: 0 .* 1 .* 2 /);
  });

  test("has the version of the package", async () => {
    const { status, stdout } = await spawnWarren("--version");
    assert.deepEqual([status, stdout], [0, `${packageJson.version}\n`]);
  });

  test("suggests the command that was meant, exit status 2", async () => {
    const { status, stdout, stderr } = await spawnWarren("join-sever");
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /unknown command 'join-sever'\n\(Did you mean join-server\?\)/);
  });

  test("shows the help and exit status 2 without a command", async () => {
    const { status, stderr } = await runWarren();
    assert.equal(status, 2);
    assert.match(stderr, /Usage: warren/);
  });

  test("refuses unknown options with exit status 2 and does not repeat a key", async () => {
    const key = "00112233445566778899aabbccddeeff";
    const { status, stderr } = await runWarren("frame", "decode", "00", `--nwk-kye=${key}`);
    assert.equal(status, 2);
    assert.match(stderr, /unknown option '--nwk-kye=<hidden>'/);
  });

  for (const name of NAMES) {
    test(`has a help for ${name}, which "help ${name}" shows as well`, async () => {
      const { status, stdout } = await runWarren(name, "--help");
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^Usage: warren ${name} `));
      assert.deepEqual(await runWarren("help", name), { status, stdout, stderr: "" });
    });
  }

  test("refuses values that options can't have, with exit status 2", async () => {
    for (const [args, words] of [
      [["application-server", "--http-port", "65536"], /from 0 to 65535/],
      [["application-server", "--network-server", "localhost"], /a URL such as/],
      [["application-server", "--join-server-id", "12"], /16 hex digits/],
      [["application-server", "--log-level", "loud"], /Allowed choices/],
      [["application-server", "extra"], /too many arguments/],
    ] as const) {
      const { status, stderr } = await runWarren(...args);
      assert.equal(status, 2, args.join(" "));
      assert.match(stderr, words);
    }
  });
});
