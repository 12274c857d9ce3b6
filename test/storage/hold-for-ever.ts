import { parentPort, workerData } from "node:worker_threads";
import { SqliteDatabase } from "../../src/storage/sqlite-database.ts";
import { ThreadLock } from "../../src/storage/thread-lock.ts";

/** A thread that never comes out of its transaction. */
const { path, lock } = workerData as { path: string; lock: SharedArrayBuffer };
const database = new SqliteDatabase(path, [], { lock: new ThreadLock(lock) });
database.transaction(() => {
  database.run("INSERT INTO one VALUES (1)");
  parentPort?.postMessage("holds");
  for (;;);
});
