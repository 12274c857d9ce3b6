import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { StartRate } from "../../../src/join-server/campaigns/timing/start-rate.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";

const MINUTE = 60_000;
const gateway = "00000000000000aa" as Eui64;
const other = "00000000000000bb" as Eui64;

describe("the rate of starts", () => {
  it("begins with nothing, for all and for each gateway", () => {
    const rate = new StartRate({ startsPerMinute: 60, startsPerMinutePerGateway: 6 }, 1_000);
    assert.deepEqual([rate.available(1_000), rate.hasRoom(gateway, 1_000)], [0, false]);
    assert.deepEqual([rate.available(2_000), rate.hasRoom(gateway, 2_000)], [1, false]);
    assert.deepEqual([rate.available(11_000), rate.hasRoom(gateway, 11_000)], [5, true]);
  });

  it("is never passed by more than five seconds' worth, however it is asked", () => {
    const limits = fc.record({
      startsPerMinute: fc.constantFrom(0.5, 1, 7, 60, 1_000),
      startsPerMinutePerGateway: fc.constantFrom(0.5, 1, 6, 60),
    });
    const steps = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 100 });
    fc.assert(
      fc.property(limits, steps, (given, waits) => {
        const rate = new StartRate(given, 0);
        const taken: number[] = [];
        let now = 0;
        for (const wait of waits) {
          now += wait;
          rate.forget(now);
          while (rate.available(now) > 0 && rate.hasRoom(gateway, now)) {
            rate.take(gateway, now);
            taken.push(now);
          }
        }
        const perMinute = Math.min(given.startsPerMinute, given.startsPerMinutePerGateway);
        const burst = Math.max(1, Math.floor((perMinute * 5) / 60));
        for (const end of taken) {
          const inMinute = taken.filter((time) => time > end - MINUTE && time <= end).length;
          assert.ok(inMinute <= perMinute + burst, `${inMinute} of ${perMinute}`);
        }
      }),
    );
  });

  it("gives devices of a full gateway turns one after the other, and leaves others alone", () => {
    const rate = new StartRate({ startsPerMinute: 600, startsPerMinutePerGateway: 6 }, 0);
    const now = 10_000;
    rate.take(gateway, now);
    assert.deepEqual([rate.hasRoom(gateway, now), rate.hasRoom(other, now)], [false, true]);
    assert.equal(rate.hasRoom(undefined, now), true);
    const slots = [1, 2, 3].map(() => rate.reserveSlot(gateway, now));
    assert.deepEqual(slots, [20_000, 30_000, 40_000]);
    assert.equal(rate.hasRoom(gateway, 20_000), true);
  });

  it("is not closed for long by a clock that is set back", () => {
    const rate = new StartRate(
      { startsPerMinute: 60, startsPerMinutePerGateway: 60 },
      MINUTE * 100,
    );
    assert.equal(rate.available(0), 0);
    rate.take(undefined, 0);
    assert.ok(rate.available(10_000) >= 0);
  });
});
