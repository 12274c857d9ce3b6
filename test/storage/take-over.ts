import { workerData } from "node:worker_threads";
import { ThreadLock } from "../../src/storage/thread-lock.ts";

/** A thread that takes a lock over and keeps it for a while. */
const { lock, steps, giveUpMs, holdMs } = workerData as {
  readonly lock: SharedArrayBuffer;
  /** One after it has the lock, two at the end of its hold. */
  readonly steps: SharedArrayBuffer;
  readonly giveUpMs: number;
  readonly holdMs: number;
};
const step = new Int32Array(steps);
new ThreadLock(lock, { giveUpMs }).hold(() => {
  Atomics.store(step, 0, 1);
  Atomics.notify(step, 0);
  Atomics.wait(step, 0, 1, holdMs);
  Atomics.store(step, 0, 2);
});
