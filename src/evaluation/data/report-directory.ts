import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { WarrenError } from "../../errors.ts";
import { isSameRun, type Provenance } from "../provenance.ts";
import { DATA_FILE, readDataFile } from "./data-file.ts";
import type { EvaluationData } from "./evaluation-data.ts";

/**
 * Makes the directory of a report, or takes one that is there.
 *
 * @param isFresh whether an earlier report is thrown away
 * @returns what is there of the same run (see `isSameRun`), else undefined
 * @throws WarrenError `configuration-invalid` if the directory has other things in it, or the report of
 * another run, or if it cannot be made
 */
export function openReportDirectory(
  directory: string,
  provenance: Provenance,
  isFresh: boolean,
): EvaluationData | undefined {
  const names = namesIn(directory);
  if (names.length === 0) {
    makeDirectory(directory);
    return undefined;
  }
  if (!names.includes(DATA_FILE)) {
    throw refuse(
      `${directory} is not empty and holds no report: name another directory with --out`,
    );
  }
  if (isFresh) {
    rmSync(join(directory, DATA_FILE));
    return undefined;
  }
  const data = readDataFile(directory);
  if (!isSameRun(data.provenance, provenance)) {
    throw refuse(
      `${directory} holds the report of another run (${nameOf(data.provenance)}; this would be ` +
        `${nameOf(provenance)}): name another directory with --out, or replace it with --fresh`,
    );
  }
  return data;
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    const message = `cannot make the directory ${directory}`;
    throw new WarrenError("configuration-invalid", message, { cause });
  }
}

function namesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  try {
    return readdirSync(directory);
  } catch (cause) {
    throw new WarrenError("configuration-invalid", `${directory} is no directory`, { cause });
  }
}

function nameOf({ scale, seed, warren, versions }: Provenance): string {
  const commit = warren.commit === null ? "" : ` ${warren.commit.slice(0, 7)}`;
  const changes = warren.isModified ? " with changes" : "";
  const source = `Warren ${warren.version}${commit}${changes}`;
  return `${scale}, seed "${seed}", ${source}, Node ${versions["Node"]}`;
}

function refuse(message: string): WarrenError {
  return new WarrenError("configuration-invalid", message);
}
