import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { inspect } from "node:util";
import type { Worker } from "node:worker_threads";
import { answerTasks } from "../../../src/evaluation/workers/answer-tasks.ts";
import { runInWorkers } from "../../../src/evaluation/workers/run-in-workers.ts";
import type { Busy, BusyTask } from "./support/busy-worker.ts";

const SCRIPT = new URL("./support/busy-worker.ts", import.meta.url);
const BROKEN = new URL("./support/broken-worker.ts", import.meta.url);
const never = new AbortController().signal;

const run = (tasks: BusyTask[], workers = 2, signal = never) =>
  runInWorkers<Busy>({ script: SCRIPT, tasks, workers, signal });

describe("tasks in workers", () => {
  const started: Worker[] = [];
  const remember = (worker: Worker) => started.push(worker);
  before(() => process.on("worker", remember));
  after(() => process.off("worker", remember));

  afterEach(() => {
    // A thread that has ended has the number -1.
    const left = started.splice(0).filter(({ threadId }) => threadId !== -1);
    assert.equal(left.length, 0, "a worker is left");
  });

  it("have their results in the order of the tasks, however many workers there are", async () => {
    // The first ones take longest, so that they end last.
    const tasks = Array.from({ length: 5 }, (_, number) => ({ number, busyMs: 100 - 25 * number }));
    for (const workers of [1, 2, 10]) {
      const results = await run(tasks, workers);
      assert.deepEqual(
        results.map(({ square }) => square),
        [0, 1, 4, 9, 16],
      );
      const threads = new Set(results.map(({ threadId }) => threadId));
      assert.ok(threads.size <= Math.min(workers, 5));
      assert.ok(threads.size > 1 || workers === 1);
    }
  });

  it("are told one by one", async () => {
    let ended = 0;
    const tasks = [{ number: 1 }, { number: 2 }, { number: 3 }];
    const onResult = () => ended++;
    await runInWorkers<Busy>({ script: SCRIPT, tasks, workers: 2, signal: never, onResult });
    assert.equal(ended, 3);
  });

  it("may be none", async () => {
    assert.deepEqual(await run([]), []);
  });

  it("end at once, with the reason, when the signal ends them", async () => {
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const tasks = Array.from({ length: 4 }, (_, number) => ({ number, busyMs: 60_000 }));
    const startedAt = performance.now();
    const results = run(tasks, 2, controller.signal);
    setTimeout(() => controller.abort(reason), 300);
    await assert.rejects(results, reason);
    assert.ok(performance.now() - startedAt < 30_000);
    await assert.rejects(run(tasks, 2, controller.signal), reason);
  });

  it("throw what a task threw, and end the others", async () => {
    const others = { number: 0, busyMs: 60_000 };
    await assert.rejects(run([others, { number: 3, end: "throw" }]), {
      name: "WarrenError",
      code: "value-out-of-range",
      message: "task 3",
    });
    await assert.rejects(run([others, { number: 4, end: "reject" }]), new TypeError("task 4"));
  });

  it("throw when a worker ends by itself or cannot be loaded", async () => {
    await assert.rejects(run([{ number: 0, end: "exit" }]), /ended by itself with code 7/);
    const tasks = [{ number: 0 }, { number: 1 }];
    await assert.rejects(
      runInWorkers<Busy>({ script: BROKEN, tasks, workers: 2, signal: never }),
      /broken while it is loaded/,
    );
  });

  it("throw when task or result cannot be sent", async () => {
    const isNotCloned = (error: unknown) => inspect(error).includes("could not be cloned");
    await assert.rejects(run([{ number: 0, end: "answer-with-a-function" }]), isNotCloned);
    const task = { number: 0, busyMs: (() => 1) as unknown as number };
    await assert.rejects(run([task]), isNotCloned);
  });

  it("throw what the caller throws on a result", async () => {
    const onResult = () => {
      throw new Error("of the caller");
    };
    const tasks = [{ number: 0 }, { number: 1, busyMs: 60_000 }];
    await assert.rejects(
      runInWorkers<Busy>({ script: SCRIPT, tasks, workers: 2, signal: never, onResult }),
      /of the caller/,
    );
  });

  it("need a worker", async () => {
    for (const workers of [0, -1, 1.5, Number.NaN]) {
      await assert.rejects(run([{ number: 0 }], workers), RangeError);
    }
  });

  it("are not answered in a main thread", () => {
    assert.throws(() => answerTasks(() => 0), /only a worker thread/);
  });
});
