import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { POSTGRES_SKIP, usePostgres } from "../../support/postgres.ts";
import { JoinStorm } from "../support/join-storm.ts";
import { assertAllStored, assertNoncesUnique } from "../support/storm-checks.ts";
import { type StormServer, StormServers } from "../support/storm-servers.ts";

// Joins at full speed while the server is killed as by a power cut: what was answered must be on disk, and
// nothing may be accepted twice. `npm run test:kill` kills more often.

const KILLS = Number(process.env["WARREN_JOIN_KILLS"] ?? 15);
const DEVICES = 200;
const WORKERS = 16;
/** Kills in lives that are long enough for joins to be decided by another thread. */
const LATE_KILLS = Math.ceil(KILLS / 15);

interface Storage {
  readonly name: string;
  readonly skip: string | false;
  readonly url: () => Promise<string> | undefined;
}

const postgres = usePostgres();
const STORAGES: readonly Storage[] = [
  { name: "SQLite", skip: false, url: () => undefined },
  { name: "PostgreSQL", skip: POSTGRES_SKIP, url: () => postgres().createDatabase() },
];

// Both at once: most of the time goes into starts, each on one core.
describe("joins", { concurrency: true }, () => {
  for (const { name, skip, url } of STORAGES) {
    describe(`${KILLS} kills during joins on ${name}`, { skip }, () => {
      let servers: StormServers | undefined;
      let storm: JoinStorm | undefined;
      after(async () => {
        await storm?.stop();
        await storm?.close();
        await servers?.remove();
      });

      test("no DevNonce is accepted twice, no JoinNonce issued twice, no answered join is lost", async (t) => {
        servers = new StormServers(await url());
        await servers.start(1);
        const devices = await servers.register(DEVICES);
        const { handle, api, url: serverUrl, metricsUrl } = servers.servers[0] as StormServer;
        storm = new JoinStorm({ urls: [serverUrl], devices, workers: WORKERS });
        storm.start();
        for (let kill = 0; kill < KILLS; kill++) {
          await sleep(randomInt(20, 600));
          await handle.kill();
          await handle.start();
        }
        for (let kill = 0; kill < LATE_KILLS; kill++) {
          while ((await joinThreads(metricsUrl)) === 0) await sleep(20);
          await sleep(randomInt(20, 600));
          await handle.kill();
          await handle.start();
        }
        await sleep(200);
        await storm.stop();
        const { counts, accepted } = storm;
        t.diagnostic(`${JSON.stringify(counts)}`);
        assert.deepEqual(counts.odd, []);
        assert.ok(counts.accepted > 3 * KILLS, `only ${counts.accepted} joins were accepted`);
        assert.ok(counts.unanswered > 0, "no kill interrupted a join");
        await assertAllStored(api, accepted);

        // What was stored but never answered is used up; whatever is sent again is refused.
        await storm.replayAll();
        assertNoncesUnique(accepted);
        assert.deepEqual(servers.unexpectedEnds, []);
      });
    });
  }
});

/** How many threads decide joins by now; 0 while the server is not there. */
async function joinThreads(metricsUrl: string): Promise<number> {
  const metrics = await fetch(metricsUrl).then(
    (response) => response.text(),
    () => "",
  );
  return Number(/^warren_join_threads (\d+)$/m.exec(metrics)?.[1] ?? 0);
}
