import { availableParallelism } from "node:os";
import { systemClock } from "../../clock.ts";
import { type DeviceFormat, FORMATS, isDeviceFormat } from "../../device-files/formats.ts";
import type { FileFormat } from "../../device-files/parser/detect-format.ts";
import type { RawRecord } from "../../device-files/parser/raw-records.ts";
import { ROOT_KEY_CONVENTIONS } from "../../device-files/root-key-convention.ts";
import { WarrenError } from "../../errors.ts";
import type { DataKeyStore } from "../../join-server/ports/data-key-store.ts";
import { openJoinServerStorage } from "../../storage/join-server/open-storage.ts";
import { requireDatabase } from "../../storage/join-server/require-database.ts";
import { LOCK_BYTES } from "../../storage/thread-lock.ts";
import { U64Map } from "../../u64-map.ts";
import { type DataKey, DataKeyVault } from "../../vault/data-key-vault.ts";
import { openDataKeys } from "../../vault/open-vault.ts";
import type { ImportOrder, ImportResult } from "../client/import/import-file.ts";
import {
  addBatch,
  type ImportTotals,
  NOTHING_IMPORTED,
  problemsOfAnswer,
} from "../client/import/import-totals.ts";
import { detectFileFormat, readRawRecords } from "../client/import/read-records.ts";
import type { ConfigOptions } from "../config/config-options.ts";
import type { JoinServerConfig } from "../config/join-server-config.ts";
import { loadJoinServerConfig } from "../config/load-config.ts";
import { inBatches, mapInOrder } from "./batches-in-order.ts";
import { ImportThreads } from "./import-threads.ts";

/** A write waits for a disk, so more than one core can do little. */
const MOST_THREADS = 4;
/** So that no thread waits for the next. */
const TASKS_PER_THREAD = 3;

export interface DirectOrder extends Omit<ImportOrder, "query" | "keyFile"> {
  /** Ends the import after the batches under way. */
  readonly signal: AbortSignal;
}

/**
 * Imports a file into the database itself, beside servers that run on it. Threads look through the whole
 * file first, then they add its devices, a batch and its audit entry in each transaction.
 *
 * @throws WarrenError `configuration-invalid` also for what only a server can import
 */
export async function importDirectly(
  options: ConfigOptions,
  order: DirectOrder,
): Promise<ImportResult & { readonly isStopped: boolean }> {
  const format = requireDeviceFormat(order.format ?? (await detectFileFormat(order.file)));
  return await withDataKeys(options, async ({ storage, updatePolicy }, loadDataKeys) => {
    const { shortestPeriodMs } = updatePolicy;
    const { parse, isDryRun, skipsErrors } = order;
    const count = Math.min(availableParallelism(), MOST_THREADS);
    const dataKeys = await loadDataKeys();
    const lock = new SharedArrayBuffer(LOCK_BYTES);
    const settings = {
      ...{ format, parse, storage, lock, dataKeys },
      ...{ shortestPeriodMs, isDryRun, skipsErrors },
    };
    const threads = new ImportThreads(count, settings, loadDataKeys);
    try {
      return await new DirectImport(order, format, threads, count * TASKS_PER_THREAD).run();
    } finally {
      await threads.close();
    }
  });
}

class DirectImport {
  readonly #order: DirectOrder;
  readonly #format: DeviceFormat;
  readonly #threads: ImportThreads;
  readonly #tasksAtOnce: number;
  /** Records whose DevEUI has come before. */
  readonly #repeated = new Set<number>();

  constructor(order: DirectOrder, format: DeviceFormat, threads: ImportThreads, tasks: number) {
    this.#order = order;
    this.#format = format;
    this.#threads = threads;
    this.#tasksAtOnce = tasks;
  }

  async run(): Promise<ImportResult & { readonly isStopped: boolean }> {
    const { problems, skipsErrors, signal } = this.#order;
    const startedAt = performance.now();
    const checked = await this.#check();
    const checkSeconds = (performance.now() - startedAt) / 1000;
    const records = checked - problems.counts.error;
    const isStarted = !signal.aborted && (problems.counts.error === 0 || skipsErrors);
    const totals = isStarted ? await this.#import(records) : NOTHING_IMPORTED;
    return {
      ...totals,
      error: problems.counts.error,
      format: this.#format,
      convention: ROOT_KEY_CONVENTIONS[FORMATS[this.#format].convention],
      records,
      isStarted,
      isStopped: signal.aborted,
      seconds: (performance.now() - startedAt) / 1000,
      checkSeconds,
    };
  }

  /** @returns how many records there are */
  async #check(): Promise<number> {
    const { problems, signal } = this.#order;
    const seen = new U64Map();
    let count = 0;
    const check = async (records: RawRecord[]) => ({
      records,
      answer: await this.#threads.check(records),
    });
    for await (const { records, answer } of mapInOrder(this.#batches(), this.#tasksAtOnce, check)) {
      count += records.length;
      for (const problem of answer.problems) problems.add(problem);
      for (const [index, { position }] of records.entries()) {
        const devEui = answer.devEuis[index];
        if (devEui === undefined) continue;
        const first = seen.putIfAbsent(devEui, position.record);
        if (first === undefined) continue;
        this.#repeated.add(position.record);
        const message = `record ${first} has the same DevEUI; leave one of them out`;
        problems.add({ position, devEui, kind: "error", code: "write-conflict", message });
      }
      if (signal.aborted) break;
    }
    return count;
  }

  async #import(records: number): Promise<ImportTotals> {
    const { isDryRun, problems, startProgress } = this.#order;
    const progress = startProgress(isDryRun ? "asking the database" : "importing", records);
    let totals = NOTHING_IMPORTED;
    const add = (some: RawRecord[]) => this.#threads.import(this.#withoutRepeated(some));
    try {
      for await (const answer of mapInOrder(this.#batches(), this.#tasksAtOnce, add)) {
        totals = addBatch(totals, answer);
        for (const problem of problemsOfAnswer(answer, (place) => place)) {
          if (problem.kind !== "warning") problems.add(problem);
        }
        const { created, unchanged, different, error } = totals;
        progress.update(created + unchanged + different + error);
      }
    } finally {
      progress.stop();
    }
    return totals;
  }

  #batches(): AsyncGenerator<RawRecord[]> {
    return inBatches(readRawRecords(this.#order.file, this.#format), this.#order.signal);
  }

  #withoutRepeated(records: RawRecord[]): RawRecord[] {
    if (this.#repeated.size === 0) return records;
    return records.filter(({ position }) => !this.#repeated.has(position.record));
  }
}

function requireDeviceFormat(format: FileFormat): DeviceFormat {
  if (isDeviceFormat(format)) return format;
  const what = format === "jwe" ? "sealed devices" : "QR codes";
  throw new WarrenError(
    "configuration-invalid",
    `--direct cannot import ${what}; leave it out, and the running Join Server imports them`,
  );
}

async function withDataKeys<T>(
  options: ConfigOptions,
  work: (config: JoinServerConfig, loadDataKeys: () => Promise<DataKey[]>) => Promise<T>,
): Promise<T> {
  const config = loadJoinServerConfig(options);
  const { storage, vault } = config;
  requireDatabase(storage);
  const opened = Promise.withResolvers<() => Promise<DataKey[]>>();
  const open = async (keys: DataKeyStore) => {
    const load = await openDataKeys(vault, keys, { now: systemClock.now, mayCreate: false });
    opened.resolve(load);
    return new DataKeyVault(await load(), load);
  };
  const store = await openJoinServerStorage(storage, open);
  try {
    return await work(config, await opened.promise);
  } finally {
    await store.close();
  }
}
