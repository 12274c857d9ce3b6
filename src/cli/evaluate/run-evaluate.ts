import { isDeepStrictEqual } from "node:util";
import { WarrenError } from "../../errors.ts";
import { readDataFile, writeDataFile } from "../../evaluation/data/data-file.ts";
import type { EvaluationData } from "../../evaluation/data/evaluation-data.ts";
import { openReportDirectory } from "../../evaluation/data/report-directory.ts";
import { writeReport } from "../../evaluation/report/write-report.ts";
import { tellTopics } from "../../evaluation/tell-topics.ts";
import { TOPICS } from "../../evaluation/topics.ts";
import { type MeasureOptions, measureMissing } from "./measure-missing.ts";
import { printFindings } from "./print-findings.ts";
import { stackOf } from "./stack-of.ts";

export interface EvaluateOptions extends MeasureOptions {
  readonly from?: string;
  readonly json?: true;
}

/**
 * Measures what is missing of a report, or takes the data of an earlier one, draws it and says what came
 * out. The exit status is 1 if a topic failed.
 */
export async function runEvaluate(options: EvaluateOptions): Promise<void> {
  const data =
    options.from === undefined ? await measureMissing(options) : takeData(options.from, options);
  const told = await tellTopics(data, TOPICS, (id, error) => {
    process.stderr.write(`${id} cannot be told: ${stackOf(error)}\n`);
  });
  const page = writeReport(options.out, told, data.provenance);
  printFindings(told, page, options.json === true);
  if (told.some(({ section }) => section === undefined)) process.exitCode = 1;
}

function takeData(from: string, { out, fresh }: EvaluateOptions): EvaluationData {
  const data = readDataFile(from);
  const kept = openReportDirectory(out, data.provenance, fresh === true);
  if (kept !== undefined && !isDeepStrictEqual(kept, data)) {
    const message = `${out} holds other results of the same run: name another directory with --out, or replace them with --fresh`;
    throw new WarrenError("configuration-invalid", message);
  }
  writeDataFile(out, data);
  return data;
}
