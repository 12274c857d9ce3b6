import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { KeptResult } from "../../../src/join-server/overview/kept-result.ts";

/** Makes 1, 2, 3, ... when a test says so, and takes as long as it says. */
function counting(patienceMs = 10_000) {
  const clock = { ms: 0 };
  const waiting: PromiseWithResolvers<void>[] = [];
  let made = 0;
  const kept = new KeptResult(
    async () => {
      const gate = Promise.withResolvers<void>();
      waiting.push(gate);
      await gate.promise;
      made++;
      return made;
    },
    { elapsedMs: () => clock.ms, leastHoldMs: 100, patienceMs },
  );
  return { clock, kept, waiting };
}

describe("KeptResult", () => {
  it("is made once for all who ask meanwhile, and then holds", async () => {
    const { clock, kept, waiting } = counting();
    const asked = [kept.get(), kept.get(), kept.get()];
    assert.equal(waiting.length, 1);
    waiting[0]?.resolve();
    assert.deepEqual(await Promise.all(asked), [1, 1, 1]);
    clock.ms = 99;
    assert.equal(await kept.get(), 1);
    assert.equal(waiting.length, 1);
    clock.ms = 100;
    const next = kept.get();
    waiting[1]?.resolve();
    assert.equal(await next, 2);
  });

  it("holds twenty times as long as it took", async () => {
    const { clock, kept, waiting } = counting();
    const first = kept.get();
    clock.ms = 50;
    waiting[0]?.resolve();
    await first;
    clock.ms = 50 + 999;
    assert.equal(await kept.get(), 1);
    assert.equal(waiting.length, 1);
    clock.ms = 50 + 1_000;
    void kept.get();
    assert.equal(waiting.length, 2);
    waiting[1]?.resolve();
  });

  it("is the old one for who has waited long enough for a new one", async () => {
    const { clock, kept, waiting } = counting(5);
    const first = kept.get();
    await sleep(20);
    waiting[0]?.resolve();
    assert.equal(await first, 1);
    clock.ms = 1_000;
    assert.equal(await kept.get(), 1);
    assert.equal(waiting.length, 2);
    waiting[1]?.resolve();
    await sleep(1);
    assert.equal(await kept.get(), 2);
  });

  it("tells of a failure, keeps nothing of it and is tried anew", async () => {
    const { clock, kept, waiting } = counting(5);
    const failing = kept.get();
    waiting[0]?.reject(new Error("no database"));
    await assert.rejects(failing, /no database/);
    const again = kept.get();
    waiting[1]?.resolve();
    assert.equal(await again, 1);
    clock.ms = 1_000;
    assert.equal(await kept.get(), 1);
    // Nobody waits for this one any more.
    waiting[2]?.reject(new Error("no database"));
    await sleep(1);
    const last = kept.get();
    waiting[3]?.resolve();
    assert.equal(await last, 2);
  });
});
