import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../../clock.ts";
import { systemRandomBytes } from "../../../crypto/random.ts";
import { DecidedJoins } from "../../../join-server/joins/decided-joins.ts";
import { PolicyBook } from "../../../join-server/policies/policy-book.ts";
import { type Logger, silentLogger } from "../../../logger.ts";
import { measureStore } from "../../../metrics/measured-store.ts";
import { cacheDevices } from "../../../storage/join-server/cached-device-store.ts";
import { openJoinServerStorage } from "../../../storage/join-server/open-storage.ts";
import { DataKeyVault } from "../../../vault/data-key-vault.ts";
import { DataKeysOfMain } from "../../threads/data-keys-of-main.ts";
import { failureOf } from "../../threads/failure.ts";
import { withJoinWriter } from "../store/with-join-writer.ts";
import type {
  FromThread,
  NumberedAnswer,
  NumberedTask,
  ThreadCounts,
  ThreadSettings,
  ToThread,
} from "./thread-messages.ts";

/**
 * A thread that decides joins, on connections of its own: to the database it is as another process, to which
 * the main thread gives the data keys. Admission, limits, repeats and events stay with the main thread.
 */

const settings = workerData as ThreadSettings;
const port = parentPort ?? failWithoutPort();
const dataKeys = new DataKeysOfMain(() => post({ kind: "data-keys-wanted" }));

let answers: NumberedAnswer[] = [];
let took: ThreadCounts["took"][number][] = [];
let failed: ThreadCounts["failed"][number][] = [];
const cache = { hits: 0, misses: 0 };

const vault = new DataKeyVault(settings.dataKeys, () => dataKeys.load());
const storage = withJoinWriter(settings.storage, settings.lock);
const database = await openJoinServerStorage(storage, () => Promise.resolve(vault));
if (storage.kind === "sqlite") storage.threads?.joinWriter?.start();
const measured = measureStore(database, {
  took: (operation, seconds) => void took.push([operation, seconds]),
  failed: (operation, code) => void failed.push([operation, code]),
});
const store = cacheDevices(measured, settings.cachedDevices, cache);
const logger: Logger = {
  ...silentLogger,
  warn: (fields, message) => post({ kind: "warning", fields, message }),
};
const clock = systemClock;
const policies = new PolicyBook({ store, clock, logger });
const joins = new DecidedJoins({ store, policies, clock, randomBytes: systemRandomBytes });

const underWay = new Set<Promise<void>>();

port.on("message", (message: ToThread) => {
  if (message.kind === "tasks") for (const task of message.tasks) begin(task);
  else if (message.kind === "data-keys") dataKeys.receive(message.dataKeys);
  else void close();
});
post({ kind: "ready" });

function begin(task: NumberedTask): void {
  const answered = answer(task).finally(() => underWay.delete(answered));
  underWay.add(answered);
}

async function answer({ id, task }: NumberedTask): Promise<void> {
  const made: NumberedAnswer = await joins.answer(task).then(
    (answered) => ({ id, answered }),
    (error: unknown) => ({ id, failure: failureOf(error) }),
  );
  // Those of one commit go in one message.
  if (answers.length === 0) setImmediate(send);
  answers.push(made);
}

function send(): void {
  const { hits, misses } = cache;
  post({ kind: "answers", answers, counts: { took, failed, hits, misses } });
  [answers, took, failed, cache.hits, cache.misses] = [[], [], [], 0, 0];
}

async function close(): Promise<void> {
  await Promise.all(underWay);
  if (answers.length > 0) send();
  await store.close();
  port.close();
}

function post(message: FromThread): void {
  port.postMessage(message);
}

function failWithoutPort(): never {
  throw new Error("this module is a thread of a Join Server that decides joins");
}
