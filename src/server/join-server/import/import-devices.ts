import {
  isRecordError,
  type ParsedDevice,
  type ParsedRecord,
} from "../../../device-files/device-record.ts";
import { WarrenError } from "../../../errors.ts";
import type {
  DeviceDraft,
  DraftOutcome,
} from "../../../join-server/administration/device-draft.ts";
import type { Administration } from "../../../join-server/administration.ts";
import { describeDoubts } from "../admin/views/describe-device.ts";
import { draftOfRecord } from "./draft-of-record.ts";
import type { ImportAnswer, ImportedRecord } from "./schemas.ts";

export interface ImportContext {
  readonly actor: string;
  /** The format, for the audit log. */
  readonly source: string;
  readonly isDryRun: boolean;
  /** Adds what has no error; without it one error keeps all out. */
  readonly skipsErrors: boolean;
  /** Leaves what went well out of the answer. */
  readonly saysOnlyProblems: boolean;
}

interface Candidate {
  readonly parsed: ParsedDevice;
  readonly draft: DeviceDraft;
}

type Administers = Pick<Administration, "createDevices">;

/**
 * Adds the devices of a batch in one transaction: all, or none when there is an error, unless errors are
 * to be skipped. A device on record is never changed.
 */
export async function importDevices(
  administration: Administers,
  records: readonly ParsedRecord[],
  context: ImportContext,
): Promise<ImportAnswer> {
  const candidates: Candidate[] = [];
  const errors: ImportedRecord[] = [];
  for (const record of records) {
    const made = candidateOf(record);
    if ("draft" in made) candidates.push(made);
    else errors.push(made);
  }
  const isKeptOut = errors.length > 0 && !context.skipsErrors;
  const outcomes = await administration.createDevices(
    candidates.map(({ draft }) => draft),
    context.actor,
    { isDryRun: context.isDryRun || isKeptOut, source: context.source },
  );
  const imported = outcomes.map((outcome, index) =>
    describe(outcome, (candidates[index] as Candidate).parsed),
  );
  const answered = [...errors, ...imported].sort((a, b) => a.record - b.record);
  const count = (name: ImportedRecord["outcome"]) =>
    answered.filter(({ outcome }) => outcome === name).length;
  return {
    isDryRun: context.isDryRun,
    isWritten: !(context.isDryRun || isKeptOut),
    counts: {
      created: count("created"),
      unchanged: count("unchanged"),
      different: count("different"),
      error: count("error"),
    },
    records: context.saysOnlyProblems ? answered.filter(hasProblem) : answered,
  };
}

function hasProblem({ outcome, warnings }: ImportedRecord): boolean {
  return outcome === "error" || outcome === "different" || warnings !== undefined;
}

function candidateOf(record: ParsedRecord): Candidate | ImportedRecord {
  if (isRecordError(record)) return errorOf(record.position, record.devEui, record);
  try {
    return { parsed: record, draft: draftOfRecord(record.device) };
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    return errorOf(record.position, record.device.devEui, error);
  }
}

function describe(outcome: DraftOutcome, { position, warnings }: ParsedDevice): ImportedRecord {
  const { devEui } = outcome;
  if (outcome.outcome === "refused") {
    const { code, message } = outcome;
    // Of what was parsed nothing is in conflict but with a device on record.
    return code === "write-conflict"
      ? { ...position, devEui, outcome: "different", code, detail: message }
      : errorOf(position, devEui, outcome);
  }
  const weak = outcome.weaknesses.map(({ key, weakness }) => `its ${key} is weak: ${weakness}`);
  const all = [...warnings, ...weak, ...describeDoubts(outcome)];
  return {
    ...position,
    devEui,
    outcome: outcome.outcome === "created" ? "created" : "unchanged",
    ...(all.length > 0 && { warnings: all }),
  };
}

function errorOf(
  position: ParsedRecord["position"],
  devEui: string | undefined,
  { code, message }: { readonly code: string; readonly message: string },
): ImportedRecord {
  return {
    ...position,
    ...(devEui !== undefined && { devEui }),
    outcome: "error",
    code,
    detail: message,
  };
}
