import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../clock.ts";
import { isRecordError } from "../../device-files/device-record.ts";
import { parseRawRecord, type RawRecord } from "../../device-files/parser/raw-records.ts";
import { createDevices } from "../../join-server/administration/create-devices.ts";
import { readPolicyLevels } from "../../join-server/policies/policy-book.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import { importDevices } from "../../server/join-server/import/import-devices.ts";
import type { ImportAnswer } from "../../server/join-server/import/schemas.ts";
import { openJoinServerStorage } from "../../storage/join-server/open-storage.ts";
import { ThreadLock } from "../../storage/thread-lock.ts";
import { DataKeyVault } from "../../vault/data-key-vault.ts";
import { problemsOf } from "../client/import/check-record.ts";
import { DataKeysOfMain } from "../threads/data-keys-of-main.ts";
import { failureOf } from "../threads/failure.ts";
import { unpackRecords } from "./packed-records.ts";
import type { CheckAnswer, FromThread, Task, ThreadSettings, ToThread } from "./thread-messages.ts";

/** A thread of a direct import: does one task after another, on a connection of its own. */

const ACTOR = "cli";

const settings = workerData as ThreadSettings;
const port = parentPort ?? failWithoutPort();

const dataKeys = new DataKeysOfMain(() => post({ kind: "data-keys-wanted" }));
let opening: Promise<Importer> | undefined;
let lastTask: Promise<void> = Promise.resolve();

port.on("message", (message: ToThread) => {
  if (message.kind === "task") {
    lastTask = lastTask.then(() => answer(message.id, message.task));
  } else if (message.kind === "data-keys") {
    dataKeys.receive(message.dataKeys);
  } else {
    lastTask = lastTask.then(close);
  }
});

async function answer(id: number, { kind, records: packed }: Task): Promise<void> {
  try {
    const records = unpackRecords(packed);
    const made = kind === "check" ? check(records) : await importRecords(records);
    post({ kind: "answer", id, answer: made });
  } catch (error) {
    post({ kind: "failed", id, failure: failureOf(error) });
  }
}

function check(records: readonly RawRecord[]): CheckAnswer {
  const parsed = records.map(parse);
  return {
    problems: parsed.flatMap(problemsOf),
    devEuis: parsed.map((record) => (isRecordError(record) ? undefined : record.device.devEui)),
  };
}

async function importRecords(records: readonly RawRecord[]): Promise<ImportAnswer> {
  opening ??= openImporter();
  const { administration } = await opening;
  // What has an error was told by the check.
  const sound = records.map(parse).filter((record) => !isRecordError(record));
  return await importDevices(administration, sound, {
    actor: ACTOR,
    source: `import:${settings.format}`,
    isDryRun: settings.isDryRun,
    skipsErrors: settings.skipsErrors,
    saysOnlyProblems: true,
  });
}

interface Importer {
  readonly store: JoinServerStore;
  readonly administration: Parameters<typeof importDevices>[0];
}

async function openImporter(): Promise<Importer> {
  const vault = new DataKeyVault(settings.dataKeys, () => dataKeys.load());
  const open = () => Promise.resolve(vault);
  const { storage } = settings;
  const lock = new ThreadLock(settings.lock);
  const ofThread = storage.kind === "sqlite" ? { ...storage, threads: { lock } } : storage;
  const store = await openJoinServerStorage(ofThread, open);
  const servedJoinEuis = await store.listJoinEuiRanges();
  const { shortestPeriodMs } = settings;
  const policyRules = { levels: await readPolicyLevels(store), shortestPeriodMs };
  const administration: Importer["administration"] = {
    createDevices: (drafts, actor, { isDryRun = false, source } = {}) => {
      const now = systemClock.now();
      return createDevices(store, drafts, {
        now,
        isDryRun,
        skipsWeakKeys: true,
        servedJoinEuis,
        policyRules,
        auditOf: (action, devEuis) => ({
          at: now,
          actor,
          action,
          subject: "",
          details: { source, count: devEuis.length, devEuis },
        }),
      });
    },
  };
  return { store, administration };
}

async function close(): Promise<void> {
  await (await opening)?.store.close();
  port.close();
}

function parse(raw: RawRecord) {
  return parseRawRecord(raw, settings.format, settings.parse);
}

function post(message: FromThread): void {
  port.postMessage(message);
}

function failWithoutPort(): never {
  throw new Error("this module is a thread of warren import --direct");
}
