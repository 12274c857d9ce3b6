import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { POSTGRES_SKIP, usePostgres } from "../support/postgres.ts";
import { JoinStorm } from "./support/join-storm.ts";
import { assertAllStored, assertNoncesUnique } from "./support/storm-checks.ts";
import { StormServers } from "./support/storm-servers.ts";

// The keys of a database are rotated again and again while two Join Server processes accept joins from it at
// full speed; some rotations are killed.

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const DEVICES = 40;
const WORKERS = 3;
/** When a rotation is killed, or undefined to let it end. */
const KILLED_AFTER_MS = [600, undefined, 900, undefined];

describe("a rotation of the keys under joins", { skip: POSTGRES_SKIP }, () => {
  const postgres = usePostgres();
  let servers: StormServers | undefined;
  let storm: JoinStorm | undefined;
  after(async () => {
    await storm?.stop();
    await storm?.close();
    await servers?.remove();
  });

  test("costs no join, whether it ends or is killed", async () => {
    servers = new StormServers(await postgres().createDatabase());
    await servers.start(2);
    const devices = await servers.register(DEVICES);
    const urls = servers.servers.map(({ url }) => url);
    storm = new JoinStorm({ urls, devices, workers: WORKERS });
    storm.start();
    const config = join(servers.folder, "server-0.toml");
    const outcomes: string[] = [];
    for (const killedAfterMs of KILLED_AFTER_MS) {
      const before = storm.counts.accepted;
      outcomes.push(await rotate(config, killedAfterMs));
      await sleep(200);
      assert.ok(storm.counts.accepted > before, "joins went on");
    }
    await storm.stop();
    const ended = outcomes.filter((text) => text.includes("Every record is encrypted"));
    assert.ok(ended.length >= 2, outcomes.join("\n"));
    assert.deepEqual(storm.counts.odd, []);
    for (const { api } of servers.servers) await assertAllStored(api, storm.accepted);
    await storm.replayAll();
    assertNoncesUnique(storm.accepted);
    assert.deepEqual(servers.unexpectedEnds, []);
    // Both servers start again from what the rotations have left.
    for (const { handle } of servers.servers) await handle.kill();
    for (const { handle } of servers.servers) await handle.start();
  });
});

/** What the command has said. */
async function rotate(config: string, killedAfterMs: number | undefined): Promise<string> {
  const child = spawn(process.execPath, [MAIN, "vault", "rotate", "--config", config], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const closed = once(child, "close");
  if (killedAfterMs === undefined) {
    await closed;
    assert.equal(child.exitCode, 0, output);
  } else {
    await Promise.race([closed, sleep(killedAfterMs)]);
    child.kill("SIGKILL");
    await closed;
  }
  return output;
}
