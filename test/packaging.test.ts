import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { MEMBERS } from "../src/cli/config/config-members.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const unit = read("packaging/systemd/warren-join-server.service");
const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

describe("the unit for systemd", () => {
  test("keeps keys out of files", () => {
    for (const line of ["LimitCORE=0", "MemorySwapMax=0", "UMask=0077", "NoNewPrivileges=yes"]) {
      assert.match(unit, new RegExp(`^${line}$`, "m"));
    }
  });

  test("is what systemd understands", { skip: !hasSystemd && "no systemd-analyze" }, () => {
    const file = join(temporaryFolder(), "warren-join-server.service");
    // The only thing that cannot be so on this machine: where it is installed.
    writeFileSync(file, unit.replace(/^ExecStart=.*$/m, "ExecStart=/bin/true"));
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
    assert.deepEqual([status, stderr], [0, ""]);
    const text = execFileSync("systemd-analyze", ["security", "--offline=true", file], {
      encoding: "utf8",
    });
    const exposure = Number(/exposure level for .*: ([\d.]+)/.exec(text)?.[1]);
    assert.ok(exposure > 0 && exposure < 2, `${exposure}`);
  });
});

describe("the image and the example of it", () => {
  const dockerfile = read("packaging/docker/Dockerfile");
  const compose = read("packaging/docker/docker-compose.yml");

  test("copies only what there is, and does not run as root", () => {
    const copied = [...dockerfile.matchAll(/^COPY ([^-].*) \S+$/gm)].flatMap(([, from = ""]) =>
      from.split(" "),
    );
    assert.ok(copied.length >= 4);
    for (const path of copied) assert.ok(existsSync(new URL(`../${path}`, import.meta.url)), path);
    const lastStage = dockerfile.slice(dockerfile.lastIndexOf("FROM "));
    assert.match(lastStage, /^USER node$/m);
    assert.match(lastStage, /^HEALTHCHECK .*\n.*"health"\]$/m);
  });

  test("sets only members that there are", () => {
    const known = new Set(MEMBERS.map(({ environmentName }) => environmentName));
    const variables = [...`${dockerfile}${compose}`.matchAll(/\b(WARREN_\w+)\s*[:=]/g)];
    assert.ok(variables.length > 5);
    for (const [, name] of variables) assert.ok(known.has(name), name);
  });
});
