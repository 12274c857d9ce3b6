import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import {
  gpsTimeFromUnixMs,
  unixMsFromGpsTime,
} from "../../../src/lorawan/mac-commands/gps-time.ts";

suite("GPS time", () => {
  const cases: readonly (readonly [source: string, utc: string, gpsSeconds: number])[] = [
    ["the epoch itself", "1980-01-06T00:00:00Z", 0],
    ["LoRaWAN 1.1 §5.12", "2016-02-12T14:24:31Z", 1_139_322_288],
    ["brocaar/lorawan gps_test.go", "2010-01-28T16:36:24Z", 948_731_799],
    ["brocaar/lorawan gps_test.go", "2025-07-14T00:00:00Z", 1_436_486_418],
    ["brocaar/lorawan gps_test.go, before a leap second", "2012-06-30T23:59:59Z", 1_025_136_014],
    ["brocaar/lorawan gps_test.go, after it", "2012-07-01T00:00:00Z", 1_025_136_016],
  ];
  for (const [source, utc, secondsSinceGpsEpoch] of cases) {
    test(`${utc} (${source})`, () => {
      assert.deepEqual(gpsTimeFromUnixMs(Date.parse(utc)), {
        secondsSinceGpsEpoch,
        fractionalSecond: 0,
      });
      assert.equal(
        unixMsFromGpsTime({ secondsSinceGpsEpoch, fractionalSecond: 0 }),
        Date.parse(utc),
      );
    });
  }

  test("repeats the second before midnight in a leap second", () => {
    const leapSecond = { secondsSinceGpsEpoch: 1_025_136_015, fractionalSecond: 128 };
    assert.equal(unixMsFromGpsTime(leapSecond), Date.parse("2012-07-01T00:00:00.500Z"));
  });

  test("counts fractions down to 1/256 s", () => {
    const midnight = Date.parse("2025-07-14T00:00:00Z");
    assert.equal(gpsTimeFromUnixMs(midnight + 999).fractionalSecond, 255);
    assert.equal(gpsTimeFromUnixMs(midnight + 500).fractionalSecond, 128);
    assert.equal(gpsTimeFromUnixMs(midnight + 3).fractionalSecond, 0);
    assert.equal(gpsTimeFromUnixMs(midnight + 4).fractionalSecond, 1);
  });

  test("comes back within 4 ms", () => {
    const range = { min: 315_964_800_000, max: 4_000_000_000_000 };
    fc.assert(
      fc.property(fc.integer(range), (unixMs) => {
        const error = unixMs - unixMsFromGpsTime(gpsTimeFromUnixMs(unixMs));
        assert.ok(error >= 0 && error < 4, `${error}`);
      }),
    );
  });
});
