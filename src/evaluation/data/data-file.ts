import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WarrenError } from "../../errors.ts";
import { type EvaluationData, FORMAT_VERSION } from "./evaluation-data.ts";

/** The name of the data in the directory of a report. */
export const DATA_FILE = "evaluation.json";

/**
 * Reads the data of an earlier run. The shape of results is left to their topics.
 *
 * @param path the file, or the directory of the report
 * @throws WarrenError `configuration-invalid` if there is none or it is of another format
 */
export function readDataFile(path: string): EvaluationData {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isDirectory ? join(path, DATA_FILE) : path;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const message = `cannot read ${file}: it should be the ${DATA_FILE} of an evaluation`;
    throw new WarrenError("configuration-invalid", message, { cause });
  }
  return parseData(text, file);
}

/**
 * Writes the data so that whoever reads it meanwhile finds the old or the new.
 *
 * @throws WarrenError `configuration-invalid` if the directory cannot be written
 */
export function writeDataFile(directory: string, data: EvaluationData): void {
  const file = join(directory, DATA_FILE);
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(data)}\n`);
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw new WarrenError("configuration-invalid", `cannot write ${file}`, { cause });
  }
}

function parseData(text: string, file: string): EvaluationData {
  const refuse = (why: string, cause?: unknown) =>
    new WarrenError("configuration-invalid", `${file} ${why}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse("is no JSON", error);
  }
  const { format, formatVersion, provenance, topics } = (value ?? {}) as Partial<EvaluationData>;
  if (format !== "warren-evaluation") throw refuse("has no data of an evaluation");
  if (formatVersion !== FORMAT_VERSION) {
    throw refuse(`has format version ${formatVersion}; this program reads ${FORMAT_VERSION}`);
  }
  if (typeof provenance !== "object" || provenance === null || !Array.isArray(topics)) {
    throw refuse("lacks its provenance or its topics");
  }
  return value as EvaluationData;
}
