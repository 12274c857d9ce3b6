import { parentPort, workerData } from "node:worker_threads";
import { SqliteDatabase } from "../../../sqlite-database.ts";
import { ThreadLock } from "../../../thread-lock.ts";
import type { JoinRow } from "../../join-row.ts";
import { JOIN_SERVER_CHECKPOINT_PAGES, JOIN_SERVER_MIGRATIONS } from "../schema.ts";
import { writeOrRefuse } from "./join-row.ts";
import type { FromJoinThread, JoinThreadSettings, ToJoinThread } from "./thread-messages.ts";

/**
 * The thread that writes joins: all that wait go into one transaction, and while the disk works the next
 * ones gather.
 */

const settings = workerData as JoinThreadSettings;
const port = parentPort ?? failWithoutPort();
const lock = new ThreadLock(settings.lock, { letsOthersFirst: true });
const database = new SqliteDatabase(settings.path, JOIN_SERVER_MIGRATIONS, {
  lock,
  checkpointPages: JOIN_SERVER_CHECKPOINT_PAGES,
});

let waiting: (readonly JoinRow[])[] = [];

port.on("message", (message: ToJoinThread) => {
  if (message.kind === "close") {
    write();
    database.close();
    port.close();
    return;
  }
  if (waiting.length === 0) setImmediate(write);
  waiting.push(message.rows);
});

function write(): void {
  const batches = waiting;
  waiting = [];
  if (batches.length === 0) return;
  const outcomes = writeOrRefuse(database, batches.flat());
  let from = 0;
  for (const batch of batches) {
    const answer: FromJoinThread = outcomes.slice(from, from + batch.length);
    port.postMessage(answer);
    from += batch.length;
  }
}

function failWithoutPort(): never {
  throw new Error("this module is the thread of a Join Server that writes joins");
}
