import { constants } from "node:os";
import { writeDataFile } from "../../evaluation/data/data-file.ts";
import {
  type EvaluationData,
  FORMAT_VERSION,
  isMeasured,
  type TopicRecord,
} from "../../evaluation/data/evaluation-data.ts";
import { openReportDirectory } from "../../evaluation/data/report-directory.ts";
import { measureTopics } from "../../evaluation/evaluation.ts";
import { collectProvenance, withSourcesOfNow } from "../../evaluation/provenance.ts";
import { removeReport } from "../../evaluation/report/write-report.ts";
import type { Scale } from "../../evaluation/topic.ts";
import { TOPICS } from "../../evaluation/topics.ts";
import { stackOf } from "./stack-of.ts";
import { TopicProgress } from "./topic-progress.ts";

const ENDING_SIGNALS = ["SIGINT", "SIGTERM"] as const;

export interface MeasureOptions {
  readonly out: string;
  readonly short?: true;
  /** Ids of topics that are measured even if there are results of them; none: all that have none. */
  readonly topic: readonly string[];
  readonly seed: string;
  readonly workers: number;
  readonly fresh?: true;
}

/**
 * Measures, and after every topic writes all results that there are. SIGINT and SIGTERM end the process. A page
 * that is there is taken away first: it would not be that of the data beside it.
 *
 * @returns the results of this run, and those that an earlier one left in the directory
 */
export async function measureMissing(options: MeasureOptions): Promise<EvaluationData> {
  const { out, seed, workers } = options;
  const scale: Scale = options.short === true ? "short" : "full";
  const now = collectProvenance({ seed, scale, workers, startedAt: Date.now() });
  const kept = openReportDirectory(out, now, options.fresh === true);
  let data: EvaluationData = kept ?? {
    format: "warren-evaluation",
    formatVersion: FORMAT_VERSION,
    provenance: now,
    topics: [],
  };
  const missing = topicsToMeasure(options.topic, data);
  const progress = new TopicProgress(process.stderr);
  if (data.topics.length > 0) progress.say(whatIsKept(data, missing.length, out));
  const { signal, receivedSignal, letGo } = abortOnSignal();
  writeDataFile(out, data);
  if (missing.length > 0) removeReport(out);
  try {
    await measureTopics(
      missing,
      { scale, seed, workers, progress, signal },
      {
        onTopic: (...topic) => progress.beginTopic(...topic),
        onFailure: (id, error) => progress.say(`${id} failed: ${stackOf(error)}`),
        onRecord: (record) => {
          progress.endTopic(record.seconds);
          const provenance = withSourcesOfNow(data.provenance);
          if (provenance !== data.provenance) {
            progress.say("the sources have changed meanwhile: the report says “with changes”");
          }
          data = { ...data, provenance, topics: withRecord(data.topics, record) };
          writeDataFile(out, data);
        },
      },
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.say(
      `interrupted; ${whatIsThere(data)} in ${out}: the same command goes on from there`,
    );
    // Threads and compilers of the topic end with the process.
    process.exit(128 + constants.signals[receivedSignal()]);
  } finally {
    progress.stop();
    letGo();
  }
  return data;
}

/** The first SIGINT or SIGTERM asks for an end, the next one is one. */
function abortOnSignal() {
  const controller = new AbortController();
  let received: "SIGINT" | "SIGTERM" = "SIGINT";
  const listener = (name: NodeJS.Signals) => {
    received = name === "SIGTERM" ? name : "SIGINT";
    controller.abort();
  };
  for (const name of ENDING_SIGNALS) process.once(name, listener);
  return {
    signal: controller.signal,
    receivedSignal: () => received,
    /** From here on a signal ends the process at once. */
    letGo: () => {
      for (const name of ENDING_SIGNALS) process.off(name, listener);
    },
  };
}

function whatIsKept(data: EvaluationData, missing: number, out: string): string {
  const rest =
    missing === 0 ? "nothing is missing (--fresh measures again)" : "the rest is measured";
  const date = data.provenance.startedAt.slice(0, 10);
  return `${whatIsThere(data)} of ${date} in ${out}; ${rest}`;
}

function whatIsThere({ topics }: EvaluationData): string {
  const count = topics.filter(isMeasured).length;
  return count === 1 ? "the results of one topic are" : `the results of ${count} topics are`;
}

function topicsToMeasure(asked: readonly string[], { topics }: EvaluationData) {
  if (asked.length > 0) return TOPICS.filter(({ id }) => asked.includes(id));
  const measured = new Set(topics.filter(isMeasured).map(({ id }) => id));
  return TOPICS.filter(({ id }) => !measured.has(id));
}

/** In the order of the report, whatever was measured first. */
function withRecord(records: readonly TopicRecord[], record: TopicRecord): TopicRecord[] {
  const all = [...records.filter(({ id }) => id !== record.id), record];
  const positionOf = (id: string) => TOPICS.findIndex((topic) => topic.id === id);
  return all.sort((one, other) => positionOf(one.id) - positionOf(other.id));
}
