import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../../clock.ts";
import { systemRandomBytes } from "../../../crypto/random.ts";
import { DecidedJoins } from "../../../join-server/joins/decided-joins.ts";
import { PolicyBook } from "../../../join-server/policies/policy-book.ts";
import { type Logger, silentLogger } from "../../../logger.ts";
import { measureStore } from "../../../metrics/measured-store.ts";
import { cacheDevices } from "../../../storage/join-server/cached-device-store.ts";
import {
  openJoinServerStorage,
  type StorageSettings,
} from "../../../storage/join-server/open-storage.ts";
import { ThreadLock } from "../../../storage/thread-lock.ts";
import { DataKeyVault } from "../../../vault/data-key-vault.ts";
import { DataKeysOfMain } from "../../threads/data-keys-of-main.ts";
import { failureOf } from "../../threads/failure.ts";
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

/**
 * Then those are written, in one transaction, and answered: if all that had come were decided before the first is
 * written, this thread and the main one would take turns instead of working at the same time.
 */
const BEGUN_AT_ONCE = 8;

const settings = workerData as ThreadSettings;
const port = parentPort ?? failWithoutPort();
const dataKeys = new DataKeysOfMain(() => post({ kind: "data-keys-wanted" }));

let answers: NumberedAnswer[] = [];
let took: ThreadCounts["took"][number][] = [];
let failed: ThreadCounts["failed"][number][] = [];
const cache = { hits: 0, misses: 0 };

const vault = new DataKeyVault(settings.dataKeys, () => dataKeys.load());
const database = await openJoinServerStorage(storageOfThread(), () => Promise.resolve(vault));
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
let waiting: NumberedTask[] = [];

port.on("message", (message: ToThread) => {
  if (message.kind === "tasks") take(message.tasks);
  else if (message.kind === "data-keys") dataKeys.receive(message.dataKeys);
  else void close();
});
post({ kind: "ready" });

function storageOfThread(): StorageSettings {
  const { storage } = settings;
  if (storage.kind !== "sqlite") return storage;
  const lock = new ThreadLock(settings.lock, { letsOthersFirst: true });
  return { ...storage, threads: { lock, joinWriter: "same-thread" } };
}

function take(tasks: readonly NumberedTask[]): void {
  if (waiting.length === 0) setImmediate(beginSome);
  waiting.push(...tasks);
}

function beginSome(): void {
  for (const task of waiting.splice(0, BEGUN_AT_ONCE)) begin(task);
  if (waiting.length > 0) setImmediate(beginSome);
}

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
  for (const task of waiting) begin(task);
  waiting = [];
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
