import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { JoinServerProcess } from "./support.ts";

type Json = Record<string, unknown>;

const WARREN = fileURLToPath(new URL("../../../bin/warren", import.meta.url));
const euiOf = (index: number) => `01020304050607${index.toString(16).padStart(2, "0")}`;

describe("warren campaign", () => {
  const server = new JoinServerProcess();
  /** Its Network Server relays no updates. */
  const alone = [0, 1, 2].map(euiOf);
  /** Its Network Server relays updates, and cannot be reached. */
  const relayed = euiOf(16);

  before(async () => {
    const kek = server.file("ns.kek", randomBytes(16).toString("hex"));
    const relaying = ["--relays-root-key-updates", "--route-url", "http://127.0.0.1:9"];
    await server.run("peer", "set-network-server", "000014", "--kek-file", kek, ...relaying);
    for (const devEui of [...alone, relayed]) {
      const key = server.file("app.key", randomBytes(16).toString("hex"));
      const created = await server.run(
        ...["device", "create", devEui, "--join-eui", "70b3d57ed0000001", "--mac-version", "1.0.4"],
        ...["--home-net-id", devEui === relayed ? "000014" : "000013", "--as-id", "example-as"],
        ...["--app-key-file", key],
      );
      assert.equal(created.status, 0, created.stderr);
    }
  });

  it("shows what a campaign would do, and makes none unless it is told to", async () => {
    const shown = await server.run("campaign", "create", "--home-net-id", "000013", "--dry-run");
    assert.equal(shown.status, 0, shown.stderr);
    assert.match(shown.stdout, /^Devices +3$/m);
    assert.match(shown.stdout, /^Generations +0: 3$/m);
    const asked = await server.run("campaign", "create", "--all");
    assert.equal(asked.status, 2);
    assert.match(asked.stderr, /add --yes/);
    const nothing = await server.run("campaign", "create", "--text", "nowhere", "--yes");
    assert.equal(nothing.status, 1);
    assert.match(nothing.stderr, /no device that could be updated/);
    assert.equal((await server.run("campaign", "list")).stdout, "no campaigns\n");
  });

  for (const [what, args, message] of [
    ["which devices", [], /say which devices/],
    ["one selection only", ["--all", "--file", "x"], /exclude each other/],
    ["a share", ["--all", "--canary", "101%"], /a share such as 5%/],
    ["a time", ["--all", "--retry-after", "soon"], /a time such as 90s/],
    ["a window", ["--all", "--window", "Mon 9-5"], /a window looks like/],
  ] as const) {
    it(`wants ${what}`, async () => {
      const refused = await server.run("campaign", "create", ...args);
      assert.equal(refused.status, 2, refused.stdout);
      assert.match(refused.stderr, message);
    });
  }

  it("watches a campaign of a file to its end, and lists each failure with what to do", async () => {
    const file = server.file("devices.txt", `# meters\n${alone.join("\n")}\n\nffffffffffffff01\n`);
    const watched = await server.run(
      ...[
        "campaign",
        "create",
        "--file",
        file,
        "--rate",
        "600",
        "--canary",
        "50%",
        "--yes",
        "--watch",
      ],
    );
    assert.equal(watched.status, 0, watched.stderr);
    assert.match(watched.stdout, /^finished: 4 of 4 through, 0 updated, 0 failed, 4 skipped/m);
    const [campaign] = await server.json<Json[]>("campaign", "list");
    const id = campaign?.["id"] as string;
    const failures = await server.run("campaign", "failures", id);
    assert.match(failures.stdout, /^0102030405060700 +skipped +\d +\S+ +update-not-deliverable$/m);
    assert.match(failures.stdout, /^device-unknown: It is not on record here/m);
    assert.match((await server.run("campaign", "show", id)).stdout, /^State +finished$/m);
    const paused = await server.run("campaign", "pause", id);
    assert.equal(paused.status, 1);
    assert.match(paused.stderr, /campaign-not-allowed/);
    assert.equal((await server.run("campaign", "delete", id)).status, 0);
  });

  it("goes on when Ctrl-C ends the display; is paused, resumed and aborted", async () => {
    const made = await server.json<Json>("campaign", "create", "--prefix", relayed, "--yes");
    const id = made["id"] as string;
    const { status, output } = await watchUntil(id, /1 under way/).ended;
    assert.equal(status, 0, output);
    assert.match(output, new RegExp(`the campaign goes on; warren campaign watch ${id}`));
    const show = async () => server.json<Json>("campaign", "show", id);
    assert.equal((await show())["state"], "running");
    assert.match((await server.run("campaign", "pause", id)).stdout, /^State +paused: by/m);
    const watched = await server.run("campaign", "watch", id);
    assert.equal(watched.status, 1, "a paused campaign waits for somebody");
    assert.match(watched.stdout, /warren campaign resume/);
    assert.match((await server.run("campaign", "resume", id)).stdout, /^State +running/m);
    await server.run("campaign", "abort", id, "--abort-updates");
    const ended = await server.run("campaign", "watch", id, "--json");
    const last = JSON.parse(ended.stdout.trimEnd().split("\n").at(-1) ?? "") as Json;
    assert.deepEqual(
      [last["state"], ((last["progress"] as Json)["counts"] as Json)["failed"]],
      ["aborted", 1],
    );
    assert.equal(ended.status, 1, "a device has failed");
    const device = await server.json<Json>("device", "show", relayed);
    assert.equal((device["update"] as Json)["reason"], "aborted");
  });

  it("waits for a server that is started anew while it watches", async () => {
    const made = await server.json<Json>("campaign", "create", "--prefix", relayed, "--yes");
    const id = made["id"] as string;
    const watching = watchUntil(id, /answers again/);
    await watching.said(/under way/);
    const { again } = await server.stop();
    await watching.said(/nothing listens there.*; trying again/);
    await again();
    const { status, output } = await watching.ended;
    assert.match(output, /the Join Server answers again/);
    assert.equal(status, 0, output);
    await server.run("campaign", "abort", id);
  });

  /** Watches in a process of its own, and sends it SIGINT once it has said so. */
  function watchUntil(id: string, text: RegExp) {
    const child = spawn(WARREN, ["campaign", "watch", id, ...server.connection]);
    let output = "";
    let isSent = false;
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (isSent || !text.test(output)) return;
      isSent = true;
      child.kill("SIGINT");
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    const ended = new Promise<{ status: number | null; output: string }>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve({ status, output }));
    });
    const said = async (other: RegExp) => {
      for (let turn = 0; !other.test(output); turn++) {
        assert.ok(turn < 600 && child.exitCode === null, output);
        await sleep(50);
      }
    };
    return { ended, said };
  }
});
