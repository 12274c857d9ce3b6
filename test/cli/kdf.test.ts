import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import file from "../vectors/root-key-update.json" with { type: "json" };
import { runWarren, spawnWarren } from "./support/warren.ts";

const suites = file.suites as Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), "warren-kdf-"));
after(() => rmSync(folder, { recursive: true }));

type Vector = (typeof file.vectors)[number];

function argumentsOf({ suite, inputs, outputs }: Vector): string[] {
  return [
    ...["kdf", "--suite", suites[suite] ?? "", "--nwk-key", inputs.nwkKey],
    ...["--app-key", inputs.appKey, "--context", outputs.context],
  ];
}

function expected({ outputs }: Vector): string {
  const { kdk, newNwkKey, newAppKey } = outputs;
  return `${JSON.stringify({ kdk, nwkKey: newNwkKey, appKey: newAppKey })}\n`;
}

describe("warren kdf", () => {
  for (const [index, vector] of file.vectors.entries()) {
    test(`gives the published keys: vector ${index}, ${suites[vector.suite]}`, async () => {
      const outcome = await runWarren(...argumentsOf(vector));
      assert.deepEqual(outcome, { status: 0, stdout: expected(vector), stderr: "" });
    });
  }

  const bySuite = [0, 1, 2, 3].map((suite) =>
    file.vectors.find((vector) => vector.suite === suite),
  );
  for (const vector of bySuite) {
    assert.ok(vector);
    test(`does as a program of its own: ${suites[vector.suite]}`, async () => {
      const outcome = await spawnWarren(...argumentsOf(vector));
      assert.deepEqual(outcome, { status: 0, stdout: expected(vector), stderr: "" });
    });
  }

  test("takes upper case, and keys from files", async () => {
    const [vector] = file.vectors;
    assert.ok(vector);
    const { inputs, outputs } = vector;
    const fileOf = (name: string, text: string) => {
      writeFileSync(join(folder, name), `${text.toUpperCase()}\n`);
      return join(folder, name);
    };
    const outcome = await runWarren(
      ...["kdf", "--suite", suites[vector.suite] ?? ""],
      ...["--nwk-key-file", fileOf("nwk", inputs.nwkKey)],
      ...["--app-key-file", fileOf("app", inputs.appKey)],
      ...["--context-file", fileOf("context", outputs.context)],
    );
    assert.deepEqual(outcome, { status: 0, stdout: expected(vector), stderr: "" });
  });

  test("says in its help why there are files", async () => {
    const { stdout } = await runWarren("kdf", "--help");
    assert.match(stdout, /can see the arguments[\s\S]*--nwk-key-file/);
  });

  test("says what is wrong, exit status 2, and never repeats a key", async () => {
    const key = "00112233445566778899aabbccddeeff";
    const bad = "ffeeddccbbaa99887766554433221100";
    writeFileSync(join(folder, "bad"), `${bad}0`);
    const rest = ["--app-key", key, "--context", key];
    for (const [args, words] of [
      [["--suite", "rabit", "--nwk-key", bad, ...rest], /one of rabbit-split, rabbit, aes-cmac/],
      [["--suite", bad, "--nwk-key", bad, ...rest], /one of rabbit-split, rabbit, aes-cmac/],
      [["--nwk-key", bad, ...rest], /required option '--suite <name>'/],
      [["--suite", "rabbit", ...rest], /give --nwk-key <hex> or --nwk-key-file <file>/],
      [["--suite", "rabbit", "--nwk-key", `${bad}0`, ...rest], /--nwk-key: not hex text/],
      [["--suite", "rabbit", "--nwk-key", `${bad}00`, ...rest], /--nwk-key: expected 32 hex/],
      [["--suite", "rabbit", "--nwk-key", "", ...rest], /--nwk-key: expected 32 hex/],
      [["--suite", "rabbit", "--nwk-key", `0x${bad}`, ...rest], /--nwk-key: not hex text/],
      [["--suite", "rabbit", "--nwk-key", bad, "--app-key", key], /give --context/],
      [["--suite", "rabbit", "--nwk-key-file", join(folder, "bad"), ...rest], /the file of --nwk/],
      [["--suite", "rabbit", "--nwk-key-file", join(folder, "none"), ...rest], /ENOENT/],
      [["--suite", "rabbit", "--nwk-key", bad, "--nwk-key-file", "f", ...rest], /cannot be used/],
      [["--suite", "rabbit", bad, ...rest], /too many arguments/],
    ] as const) {
      const { status, stdout, stderr } = await runWarren("kdf", ...args);
      assert.deepEqual([status, stdout], [2, ""], args.join(" "));
      assert.match(stderr, words);
      for (const secret of [key, bad]) assert.ok(!stderr.includes(secret), stderr);
    }
  });
});
