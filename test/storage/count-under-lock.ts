import { workerData } from "node:worker_threads";
import { ThreadLock } from "../../src/storage/thread-lock.ts";

/** A thread that counts up what others count up too, not in one step. */
const { lock, counts, times, letsOthersFirst } = workerData as {
  readonly lock: SharedArrayBuffer;
  readonly counts: SharedArrayBuffer;
  readonly times: number;
  readonly letsOthersFirst: boolean;
};
const own = new ThreadLock(lock, { letsOthersFirst });
const count = new Int32Array(counts);
for (let time = 0; time < times; time++) {
  own.hold(() => {
    const before = count[0] as number;
    // Time for another thread to come in between.
    for (let turn = 0; turn < 50; turn++) Atomics.load(count, 0);
    count[0] = before + 1;
  });
}
