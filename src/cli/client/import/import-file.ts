import type { ParsedRecord, ParseOptions } from "../../../device-files/device-record.ts";
import { FORMATS, isDeviceFormat } from "../../../device-files/formats.ts";
import type { FileFormat } from "../../../device-files/parser/detect-format.ts";
import { ROOT_KEY_CONVENTIONS } from "../../../device-files/root-key-convention.ts";
import { WarrenError } from "../../../errors.ts";
import type { ApiClient, ApiRequest } from "../../api-client/api-client.ts";
import { batchDevices, batchSealed } from "./batches.ts";
import { problemsOf } from "./check-record.ts";
import { type ImportTotals, NOTHING_IMPORTED } from "./import-totals.ts";
import type { Problem, Problems } from "./problems.ts";
import type { Progress } from "./progress.ts";
import { QrList } from "./qr-list.ts";
import { detectFileFormat, readLines, readRecords } from "./read-records.ts";
import { type Batch, sendBatches } from "./send-batches.ts";

export interface ImportOrder {
  readonly file: string;
  readonly format: FileFormat | undefined;
  /** For a list of QR codes: the file that has the keys. */
  readonly keyFile: string | undefined;
  readonly parse: ParseOptions;
  /** What the server is told besides: defaults for sealed devices. */
  readonly query: NonNullable<ApiRequest["query"]>;
  readonly isDryRun: boolean;
  readonly skipsErrors: boolean;
  readonly problems: Problems;
  readonly startProgress: (what: string, total: number) => Progress;
}

export interface ImportResult extends ImportTotals {
  readonly format: FileFormat;
  /** Which root key stands where in a file of this format. */
  readonly convention: string;
  /** Records, or for sealed devices JWEs, that the file has. */
  readonly records: number;
  /** False when errors of the file kept everything out. */
  readonly isStarted: boolean;
  /** Of all, and of that to look through the file. */
  readonly seconds: number;
  readonly checkSeconds: number;
}

/** Looks through the whole file first; nothing is sent while there is an error, unless it is to be skipped. */
export async function importFile(api: ApiClient, order: ImportOrder): Promise<ImportResult> {
  const format = order.format ?? (await detectFileFormat(order.file));
  const startedAt = performance.now();
  const { convention, ...work } =
    format === "jwe" ? await checkSealed(api, order) : await checkDevices(order, format);
  const checkSeconds = (performance.now() - startedAt) / 1000;
  const { problems, skipsErrors } = order;
  const isStarted = problems.counts.error === 0 || skipsErrors;
  const totals = isStarted ? await send(api, order, work) : NOTHING_IMPORTED;
  const seconds = (performance.now() - startedAt) / 1000;
  // What was found before sending is no answer of the server, and no less an error.
  const error = problems.counts.error;
  const { records } = work;
  return { ...totals, error, format, convention, records, isStarted, seconds, checkSeconds };
}

/** What is left to do after the check. */
interface Work {
  readonly records: number;
  readonly format: "warren" | "jwe";
  readonly batches: () => AsyncIterable<Batch>;
}

async function send(api: ApiClient, order: ImportOrder, work: Work): Promise<ImportTotals> {
  const what = order.isDryRun ? "asking the Join Server" : "importing";
  const progress = order.startProgress(what, work.records);
  try {
    return await sendBatches(api, work.batches(), {
      query: {
        ...(work.format === "jwe" && order.query),
        format: work.format,
        dryRun: order.isDryRun,
        skipErrors: order.skipsErrors,
      },
      problems: order.problems,
      kinds: kindsNotSeen(order, work),
      onAnswer: ({ created, unchanged, different, error }) =>
        progress.update(created + unchanged + different + error),
    });
  } finally {
    progress.stop();
  }
}

/** What the check has not told already. */
function kindsNotSeen({ isDryRun }: ImportOrder, { format }: Work): readonly Problem["kind"][] {
  if (format !== "jwe") return ["error", "different"];
  return isDryRun ? ["error", "different", "warning"] : ["different"];
}

async function checkDevices(
  order: ImportOrder,
  format: FileFormat,
): Promise<Work & { convention: string }> {
  const { records, convention, endCheck } = await openRecords(order, format);
  let count = 0;
  for await (const some of records()) {
    count += some.length;
    for (const problem of some.flatMap(problemsOf)) order.problems.add(problem);
  }
  endCheck();
  const sendable = count - order.problems.counts.error;
  return {
    records: sendable,
    format: "warren",
    batches: () => batchDevices(records()),
    convention,
  };
}

interface DeviceSource {
  readonly records: () => AsyncIterable<ParsedRecord[]>;
  readonly convention: string;
  /** To be called when all records have been looked at. */
  readonly endCheck: () => void;
}

/** How to read the devices of the file, once for the check and once to send them. */
async function openRecords(order: ImportOrder, format: FileFormat): Promise<DeviceSource> {
  if (format === "tr005") {
    const { keyFile, problems } = order;
    if (keyFile === undefined) {
      throw new WarrenError(
        "configuration-invalid",
        `${order.file} has QR codes, which have no keys: name the file that has them with --keys`,
      );
    }
    const keyFormat = await detectFileFormat(keyFile);
    if (!isDeviceFormat(keyFormat)) {
      throw new WarrenError("configuration-invalid", `${keyFile} has no keys to read here`);
    }
    const list = await QrList.read(order.file, problems);
    return {
      records: () => list.join(readRecords(keyFile, keyFormat, order.parse)),
      convention: ROOT_KEY_CONVENTIONS[FORMATS[keyFormat].convention],
      endCheck: () => list.addMissing(problems),
    };
  }
  if (!isDeviceFormat(format)) throw new TypeError(format);
  return {
    records: () => readRecords(order.file, format, order.parse),
    convention: ROOT_KEY_CONVENTIONS[FORMATS[format].convention],
    endCheck: () => undefined,
  };
}

/** The server looks through sealed devices, since only it can. */
async function checkSealed(
  api: ApiClient,
  order: ImportOrder,
): Promise<Work & { convention: string }> {
  let records = 0;
  for await (const pieces of readLines(order.file)) records += pieces.length;
  const progress = order.startProgress("checking", records);
  let checked = 0;
  try {
    if (!order.isDryRun) {
      await sendBatches(api, batchSealed(order.file), {
        query: { ...order.query, format: "jwe", dryRun: true },
        problems: order.problems,
        kinds: ["error", "warning"],
        onAnswer: () => progress.update(++checked),
      });
    }
  } finally {
    progress.stop();
  }
  return {
    records,
    format: "jwe",
    batches: () => batchSealed(order.file),
    convention: "that of the format which is sealed",
  };
}
