import assert from "node:assert/strict";
import { test } from "node:test";
import { fleetOptions } from "../../fleet/fleet-options.ts";
import { runFleet } from "../../fleet/run-fleet.ts";

/** Enough for each version, carrier and kind. */
const DEVICES = 40;
/** The campaign takes 20 s at the least, in which a kill every five seconds has room four times. */
const STARTS_PER_MINUTE = 120;
const KILL_EVERY_MS = 1_500;
/** Then the servers are left alone: a device whose attempts are cut off again and again is a matter of luck. */
const KILLS = 8;

// `npm run fleet` with few devices: what must hold for ten thousand holds for them.
test("a campaign under loss and kills ends with every device updated or listed, and able to join", async (t) => {
  const options = fleetOptions({
    devices: DEVICES,
    loss: 0.2,
    speed: 10,
    uplinkIntervalMs: 8_000,
    longestJoinPauseMs: 120_000,
    rxDelaySeconds: 4,
    gateways: 4,
    startsPerSecond: 40,
    killEveryMs: KILL_EVERY_MS,
    killsMax: KILLS,
    startsPerMinute: STARTS_PER_MINUTE,
    timeoutMs: 900_000,
  });
  const { problems, counts, groups, kills, seconds } = await runFleet(options, () => undefined);
  t.diagnostic(JSON.stringify({ counts, kills, seconds }));
  assert.deepEqual(problems, []);
  const killed = Object.values(kills).reduce((sum, count) => sum + count, 0);
  assert.ok(killed >= KILLS / 2, `the servers were killed ${killed} times`);
  assert.equal(Object.keys(groups).length, 16, "all versions, carriers and kinds");
  assert.equal((counts["updated"] ?? 0) + (counts["failed"] ?? 0), DEVICES);
  assert.ok((counts["updated"] ?? 0) >= 0.8 * DEVICES, `${counts["updated"]} are updated`);
});
