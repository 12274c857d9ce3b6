import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { POSTGRES_SKIP, usePostgres } from "../support/postgres.ts";
import { JoinStorm } from "./support/join-storm.ts";
import { assertAllStored, assertNoncesUnique } from "./support/storm-checks.ts";
import { type StormServer, StormServers } from "./support/storm-servers.ts";

// Two Join Server processes on one PostgreSQL database are given the same Join-requests at once, while the
// database is restarted, killed and one of the two is killed.

const DEVICES = 60;
const WORKERS = 12;

describe("two Join Servers on one database", { skip: POSTGRES_SKIP }, () => {
  const postgres = usePostgres();
  let servers: StormServers | undefined;
  let storm: JoinStorm | undefined;
  after(async () => {
    await storm?.stop();
    await storm?.close();
    await servers?.remove();
  });

  test("accept a join once, also over restarts of the database", async (t) => {
    servers = new StormServers(await postgres().createDatabase());
    await servers.start(2);
    const devices = await servers.register(DEVICES);
    const [first, second] = servers.servers as [StormServer, StormServer];
    storm = new JoinStorm({ urls: [first.url, second.url], devices, workers: WORKERS });
    storm.start();
    await sleep(2_000);
    const atFirst = storm.counts.accepted;
    assert.ok(atFirst > 100, `only ${atFirst} joins were accepted by two servers`);

    await postgres().stop();
    await sleep(500);
    await postgres().resume();
    await acceptMore(storm, "after the database was stopped and started");

    await postgres().kill();
    await postgres().resume();
    await acceptMore(storm, "after the database was killed");

    await second.handle.kill();
    await acceptMore(storm, "while one of the two servers is dead");
    await second.handle.start();
    await acceptMore(storm, "after it came back");

    await storm.stop();
    t.diagnostic(JSON.stringify(storm.counts));
    assert.deepEqual(storm.counts.odd, []);
    for (const { api } of servers.servers) await assertAllStored(api, storm.accepted);
    await storm.replayAll();
    assertNoncesUnique(storm.accepted);
    assert.deepEqual(servers.unexpectedEnds, []);
  });
});

async function acceptMore(storm: JoinStorm, when: string): Promise<void> {
  const before = storm.counts.accepted;
  const deadline = Date.now() + 60_000;
  while (storm.counts.accepted < before + 100) {
    assert.ok(Date.now() < deadline, `no joins ${when}`);
    await sleep(50);
  }
}
