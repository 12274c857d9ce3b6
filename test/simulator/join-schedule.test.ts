import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eu868 } from "../../src/lorawan/region/eu868.ts";
import { timeOnAirMs } from "../../src/lorawan/region/time-on-air.ts";
import { DEFAULT_DEVICE_SETTINGS } from "../../src/simulator/device/device-profile.ts";
import { joinDataRate, joinDelayMs } from "../../src/simulator/device/join/join-schedule.ts";

const HOUR_MS = 3_600_000;
const JOIN_REQUEST_LENGTH_BYTES = 23;
const { longestJoinPauseMs } = DEFAULT_DEVICE_SETTINGS;

/** When each Join-request of a device that nobody answers begins, and how long it is on the air. */
function unansweredJoins(hours: number, draw: number): { atMs: number; onAirMs: number }[] {
  const joins: { atMs: number; onAirMs: number }[] = [];
  let atMs = joinDelayMs(0, draw, longestJoinPauseMs);
  for (let attempts = 0; atMs < hours * HOUR_MS; attempts++) {
    const dataRate = eu868.dataRates[joinDataRate(eu868, attempts)];
    assert.ok(dataRate !== undefined && "spreadingFactor" in dataRate);
    const onAirMs = timeOnAirMs({
      ...{ spreadingFactor: dataRate.spreadingFactor, bandwidthHz: dataRate.bandwidthHz },
      phyPayloadLengthBytes: JOIN_REQUEST_LENGTH_BYTES,
    });
    joins.push({ atMs, onAirMs });
    atMs += onAirMs + joinDelayMs(attempts + 1, draw, longestJoinPauseMs);
  }
  return joins;
}

describe("a device that nobody answers", () => {
  for (const draw of [0, 0.5, 0.999]) {
    test(`stays below the time on air of LoRaWAN 1.1 §7, table 17 (draw ${draw})`, () => {
      const joins = unansweredJoins(24 * 30, draw);
      const onAirMs = (fromHour: number, toHour: number) =>
        joins
          .filter(({ atMs }) => atMs >= fromHour * HOUR_MS && atMs < toHour * HOUR_MS)
          .reduce((sum, join) => sum + join.onAirMs, 0);
      assert.ok(onAirMs(0, 1) < 36_000);
      assert.ok(onAirMs(1, 11) < 36_000);
      for (let hour = 11; hour + 24 <= 24 * 30; hour++) {
        const day = onAirMs(hour, hour + 24);
        assert.ok(day > 0 && day < 8_700, `${day} ms from hour ${hour} on`);
      }
    });
  }

  test("waits longer and longer, up to the longest pause and not below a third of it", () => {
    const pauses = Array.from({ length: 30 }, (_, attempts) => joinDelayMs(attempts, 1, 900_000));
    assert.deepEqual(pauses.slice(0, 4), [3_000, 12_000, 18_000, 27_000]);
    assert.equal(Math.max(...pauses), 900_000);
    assert.equal(pauses.at(-1), 900_000);
    assert.equal(joinDelayMs(29, 0, 900_000), 300_000);
  });
});
