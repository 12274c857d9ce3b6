import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RateLimiter } from "../../../src/join-server/senders/rate-limiter.ts";
import { warrenError } from "../../support/warren-error.ts";

const LIMIT = { perSecond: 10, burst: 3 };

function isTaken(limiter: RateLimiter, key: string, now: number, limit = LIMIT): boolean {
  try {
    limiter.take(key, limit, now);
    return true;
  } catch (error) {
    assert.ok(warrenError("rate-limited")(error));
    return false;
  }
}

describe("RateLimiter", () => {
  it("lets through a burst, and then one in each period", () => {
    const limiter = new RateLimiter();
    const at = (now: number) => isTaken(limiter, "a", now);
    assert.deepEqual([at(1_000), at(1_000), at(1_000), at(1_000)], [true, true, true, false]);
    assert.deepEqual([at(1_099), at(1_100), at(1_100), at(1_200)], [false, true, false, true]);
    assert.deepEqual([at(9_000), at(9_000), at(9_000), at(9_000)], [true, true, true, false]);
  });

  it("counts each key for itself", () => {
    const limiter = new RateLimiter();
    for (const key of ["a", "b", "c"]) {
      const results = [1, 2, 3, 4].map(() => isTaken(limiter, key, 5_000));
      assert.deepEqual(results, [true, true, true, false]);
    }
  });

  it("never lets more through than a bucket holds and what has come into it", () => {
    const times = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(times, (pauses) => {
        const limiter = new RateLimiter();
        const passed: number[] = [];
        let now = 1_000_000;
        for (const pause of pauses) {
          now += pause;
          if (isTaken(limiter, "a", now)) passed.push(now);
        }
        for (const [first, from] of passed.entries()) {
          for (const [last, to] of passed.entries()) {
            const most = LIMIT.burst + ((to - from) * LIMIT.perSecond) / 1_000;
            if (last >= first) assert.ok(last - first + 1 <= most);
          }
        }
      }),
    );
  });

  it("refuses nobody for long because the clock was set back", () => {
    const limiter = new RateLimiter();
    for (let count = 0; count < 3; count++) assert.ok(isTaken(limiter, "a", 9_000_000));
    assert.ok(isTaken(limiter, "a", 1_000_000));
  });

  it("remembers a bounded number of keys, and forgets the oldest first", () => {
    const limiter = new RateLimiter(10);
    for (let count = 0; count < 3; count++) isTaken(limiter, "old", 1_000);
    for (let key = 0; key < 10; key++) isTaken(limiter, `${key}`, 1_000);
    assert.ok(!isTaken(limiter, "old", 1_000), "of the half before it is known");
    for (let key = 10; key < 30; key++) isTaken(limiter, `${key}`, 1_000);
    assert.ok(isTaken(limiter, "old", 1_000));
  });

  it("keeps a slow bucket although a fast one is full again long since", () => {
    const limiter = new RateLimiter();
    const slow = { perSecond: 0.001, burst: 1 };
    assert.ok(isTaken(limiter, "slow", 0, slow));
    for (let now = 0; now < 900_000; now += 30_000) isTaken(limiter, "fast", now);
    assert.ok(!isTaken(limiter, "slow", 900_000, slow));
    assert.ok(isTaken(limiter, "slow", 1_000_001, slow));
  });
});
