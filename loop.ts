import { fleetOptions } from "./test/fleet/fleet-options.ts";
import { runFleet } from "./test/fleet/run-fleet.ts";
for (let i = 0; i < 8; i++) {
  const t0 = Date.now();
  const options = fleetOptions({ devices: 40, loss: 0.2, speed: 10, uplinkIntervalMs: 8_000, longestJoinPauseMs: 120_000, rxDelaySeconds: 4, gateways: 4, startsPerSecond: 40, killEveryMs: 4_000, killsMax: 8, startsPerMinute: 6_000, timeoutMs: 240_000 });
  try {
    const r = await runFleet(options, (l) => { if (process.env.V) console.log(((Date.now()-t0)/1000).toFixed(0), l); });
    console.log(i, JSON.stringify({ p: r.problems, c: r.counts, s: r.seconds, k: r.kills }));
  } catch (e) { console.log(i, "FAILED", (e as Error).message, (Date.now()-t0)/1000); }
}
process.exit(0);
