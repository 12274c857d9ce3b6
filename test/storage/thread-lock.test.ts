import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { SqliteDatabase } from "../../src/storage/sqlite-database.ts";
import { LOCK_BYTES, ThreadLock } from "../../src/storage/thread-lock.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const GIVE_UP_MS = 1_000;

describe("ThreadLock", () => {
  it("is given back by work that throws", () => {
    const lock = new ThreadLock(new SharedArrayBuffer(LOCK_BYTES));
    assert.throws(() => lock.hold(() => assert.fail("of its own")), /of its own/);
    assert.equal(
      lock.hold(() => 5),
      5,
    );
  });

  it("lets one thread in at a time, whatever their manners", async () => {
    const [lock, counts] = [new SharedArrayBuffer(LOCK_BYTES), new SharedArrayBuffer(4)];
    const times = 20_000;
    const threads = [true, true, false, false].map((letsOthersFirst) => {
      const workerData = { lock, counts, times, letsOthersFirst };
      return new Worker(new URL("./count-under-lock.ts", import.meta.url), { workerData });
    });
    const statuses = await Promise.all(threads.map((thread) => once(thread, "exit")));
    assert.deepEqual(statuses.flat(), [0, 0, 0, 0]);
    assert.equal(new Int32Array(counts)[0], threads.length * times);
  });

  it("stays with who has taken it over when the one before gives it back at last", async () => {
    const [lock, steps] = [new SharedArrayBuffer(LOCK_BYTES), new SharedArrayBuffer(4)];
    const step = new Int32Array(steps);
    const own = new ThreadLock(lock);
    const workerData = { lock, steps, giveUpMs: 50, holdMs: 300 };
    const worker = new Worker(new URL("./take-over.ts", import.meta.url), { workerData });
    const ended = once(worker, "exit");
    await once(worker, "online");
    const outcome = own.hold(() => Atomics.wait(step, 0, 0, 10_000));
    assert.notEqual(outcome, "timed-out");
    assert.equal(
      own.hold(() => Atomics.load(step, 0)),
      2,
    );
    await ended;
  });

  it("is taken over from a thread that has ended in its transaction, which is rolled back", async () => {
    const path = join(temporaryFolder(), "held.db");
    const lock = new SharedArrayBuffer(LOCK_BYTES);
    const own = new ThreadLock(lock, { giveUpMs: GIVE_UP_MS });
    const database = new SqliteDatabase(path, [], { lock: own });
    database.run("CREATE TABLE one (id INTEGER)");
    const worker = new Worker(new URL("./hold-for-ever.ts", import.meta.url), {
      workerData: { path, lock },
    });
    await once(worker, "message");
    await worker.terminate();
    const insert = () => database.transaction(() => database.run("INSERT INTO one VALUES (2)"));
    const start = performance.now();
    assert.equal(insert(), 1);
    assert.ok(performance.now() - start >= GIVE_UP_MS);
    // From then on nobody waits.
    const next = performance.now();
    assert.equal(insert(), 1);
    assert.ok(performance.now() - next < GIVE_UP_MS);
    assert.deepEqual(
      database.all("SELECT id FROM one").map(({ id }) => id),
      [2, 2],
    );
    database.close();
  });
});
