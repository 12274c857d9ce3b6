import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Arrival, type Outcome, SimulatedLoop } from "./simulated-loop.ts";

/** Of times added up. */
const ROUNDING_MS = 1e-6;

const limits = fc.record({ waitMs: fc.integer({ min: 5, max: 200 }), length: fc.nat(60) });

/** Lulls and bursts; some of those who ask do not wait to the end. */
const arrivals = fc
  .array(
    fc.record({
      gapMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 20, noNaN: true })),
      workMs: fc.double({ min: 0.05, max: 30, noNaN: true }),
      isOnLoop: fc.boolean(),
      patienceMs: fc.option(fc.integer({ min: 1, max: 100 }), { nil: Infinity }),
    }),
    { maxLength: 300 },
  )
  .map((drafts) => {
    let at = 0;
    return drafts.map(({ gapMs, workMs, isOnLoop, patienceMs }): Arrival => {
      at += gapMs;
      return { at, workMs, isOnLoop, goneAt: at + patienceMs };
    });
  });

function simulate(
  check: (outcomes: readonly Outcome[], given: readonly Arrival[], limit: Limits) => void,
) {
  fc.assert(
    fc.property(limits, arrivals, (limit, given) => {
      const loop = new SimulatedLoop(limit, given);
      loop.run();
      assert.equal(loop.admission.waiting, 0);
      assert.equal(loop.admission.underWay, 0);
      // Those of one turn are let in together.
      assert.ok(loop.maxUnderWay < 64 + 8);
      check(loop.outcomes, given, limit);
    }),
  );
}

interface Limits {
  readonly waitMs: number;
  readonly length: number;
}

describe("admission, whatever comes", () => {
  it("each is let in or dropped, and once", () => {
    simulate((outcomes, given) => {
      const indices = outcomes.map(({ index }) => index).sort((a, b) => a - b);
      assert.deepEqual(
        indices,
        given.map((_, index) => index),
      );
    });
  });

  it("nobody is let in who has waited too long, or has gone", () => {
    simulate((outcomes, given, { waitMs }) => {
      for (const { index, at, fate } of outcomes) {
        if (fate !== "admitted") continue;
        const arrival = given[index] as Arrival;
        assert.ok(at - arrival.at <= waitMs + ROUNDING_MS, `${at - arrival.at} ms`);
        assert.ok(at < arrival.goneAt);
      }
    });
  });

  it("who is let in is the oldest or the newest of those that wait, and the newest if any has waited long", () => {
    simulate((outcomes, given, { waitMs }) => {
      for (const { index, at, fate, waiting } of outcomes) {
        if (fate !== "admitted") continue;
        const [oldest = index] = waiting;
        const isOldest = index < oldest;
        const isNewest = waiting.every((other) => other < index);
        assert.ok(isOldest || isNewest);
        const longest = at - Math.min((given[oldest] as Arrival).at, (given[index] as Arrival).at);
        if (longest > waitMs / 2 + 1) assert.ok(isNewest, `${longest} of ${waitMs} ms`);
      }
    });
  });

  it("who is dropped while it waits is the oldest, is too old, or there is no room", () => {
    simulate((outcomes, given, { waitMs, length }) => {
      for (const { index, at, fate, waiting } of outcomes) {
        if (fate === "admitted" || fate === "gone") continue;
        if (fate === "full") assert.equal(waiting.length, length);
        // Counted from the last look, which was up to one turn before it came.
        else assert.ok(at - (given[index] as Arrival).at > waitMs - 8 * 30 - 20);
        assert.ok(fate === "late" || waiting.every((other) => other > index));
      }
    });
  });
});

describe("admission under a load beyond what can be done", () => {
  /** One every 0.25 ms, each a millisecond of work: four times too many. */
  const storm = Array.from({ length: 20_000 }, (_, index): Arrival => {
    return { at: index / 4, workMs: 1, isOnLoop: true, goneAt: Infinity };
  });

  it("is busy with requests that are worth it, and those are answered soon", () => {
    const loop = new SimulatedLoop({ waitMs: 1_000, length: 5_000 }, storm, false);
    loop.run();
    const served = loop.outcomes.filter(({ fate }) => fate === "admitted");
    // 5 s: reading 4 requests of 0.02 ms for each one that is served leaves 92 %.
    assert.ok(served.length > 4_500, String(served.length));
    const waits = served
      .filter(({ at }) => at > 700 && at < 5_000)
      .map(({ index, at }) => at - (storm[index] as Arrival).at)
      .sort((a, b) => a - b);
    const [longest = Infinity] = waits.slice(-1);
    // A turn, and the one before it.
    assert.ok(longest < 30, `${longest} ms`);
  });

  it("has room for more to wait when all are in the database", () => {
    const stuck = Array.from({ length: 200 }, (_, index): Arrival => {
      return { at: index / 10, workMs: 5_000, isOnLoop: false, goneAt: Infinity };
    });
    const loop = new SimulatedLoop({ waitMs: 1_000, length: 5_000 }, stuck);
    loop.run();
    const late = loop.outcomes.filter(({ fate }) => fate === "late");
    assert.ok(loop.maxUnderWay >= 64);
    assert.equal(late.length, 200 - loop.maxUnderWay);
    // Nobody hears of it only when the database answers.
    assert.ok(late.every(({ at }) => at < 1_100));
  });
});
