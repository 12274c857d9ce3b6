import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { WarrenError } from "../../../src/errors.ts";
import { BackgroundLoop } from "../../../src/join-server/background/background-loop.ts";
import { captureLog } from "../../support/log-capture.ts";

const RETRY_AFTER_MS = 70;

/** A loop whose pauses are noted, and last until a test ends them. */
function loopOf() {
  const log = captureLog();
  const pauses: { readonly ms: number; readonly end: () => void }[] = [];
  const loop = new BackgroundLoop({
    logger: log.logger,
    failureEvent: "turn-failed",
    retryAfterMs: RETRY_AFTER_MS,
    sleep: (ms, signal) =>
      new Promise<void>((resolve, reject) => {
        pauses.push({ ms, end: resolve });
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  });
  return { loop, log, pauses };
}

describe("work in the background", () => {
  it("waits between turns as long as each says, and longer after one that failed", async () => {
    const { loop, log, pauses } = loopOf();
    const turns = [
      () => Promise.resolve(5),
      () => Promise.reject(new WarrenError("storage-failed", "the database is away")),
      () => Promise.reject(new TypeError("a defect")),
      () => Promise.resolve(6),
    ];
    let begun = 0;
    loop.start(() => turns[begun++]?.() ?? Promise.resolve(0));
    for (const _ of turns) {
      await nextTurn();
      pauses.at(-1)?.end();
    }
    assert.deepEqual(
      pauses.map(({ ms }) => ms),
      [5, RETRY_AFTER_MS, RETRY_AFTER_MS, 6],
    );
    await loop.close();
    const [refusal = "", defect = "", ...more] = log.lines;
    assert.match(refusal, /"event":"turn-failed","reason":"storage-failed"/);
    assert.match(defect, /"event":"defect","during":"turn-failed".*a defect/);
    assert.deepEqual(more, []);
  });

  it("ends with the turn under way, whose pause it ends too, and tells nobody", async () => {
    const { loop, log, pauses } = loopOf();
    const step = Promise.withResolvers<void>();
    let begun = 0;
    loop.start(async () => {
      begun += 1;
      await step.promise;
      await loop.pause(1_000);
      assert.fail("it is to end");
    });
    let isClosed = false;
    const closing = loop.close().then(() => {
      isClosed = true;
    });
    await nextTurn();
    assert.deepEqual([isClosed, loop.isStopped], [false, true], "its step is not over");
    step.resolve();
    await closing;
    assert.deepEqual([begun, log.lines], [1, []]);
    assert.ok(pauses.length >= 1);
  });

  it("ends at once in a pause between turns", async () => {
    const { loop } = loopOf();
    let begun = 0;
    loop.start(() => Promise.resolve(++begun * 1e9));
    await nextTurn();
    await loop.close();
    assert.equal(begun, 1);
  });
});
