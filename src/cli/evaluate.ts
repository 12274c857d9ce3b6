import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { TOPICS } from "../evaluation/topics.ts";
import type { EvaluateOptions } from "./evaluate/run-evaluate.ts";
import { wholeNumber } from "./options.ts";

const WORKERS_MAX = 256;

/** `warren evaluate`: the paper's measurements and more, as a report. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description(
      "Measures what the paper measured and what it should have, and writes a report: index.html, its data " +
        "as JSON and CSV. A run that was interrupted goes on where it was, when it is started again with " +
        "the same options.",
    )
    .option("--out <directory>", "where the report goes", "evaluation-report")
    .option("--short", "few repeats: shows that it works, decides nothing")
    .addOption(
      new Option("--topic <id>", "only this topic; may be repeated")
        .argParser(collectTopic)
        .default([], "all"),
    )
    .option("--seed <text>", "whatever is drawn at random comes from it", "warren")
    .addOption(
      new Option("--workers <n>", "threads for what can be divided")
        .argParser(wholeNumber(1, WORKERS_MAX))
        .default(availableParallelism(), "one for each core"),
    )
    .addOption(
      new Option(
        "--from <path>",
        "measure nothing, draw the report of this directory or file again",
      ).conflicts(["short", "topic", "seed", "workers"]),
    )
    .option("--fresh", "throw away the report that is in the directory")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", HELP)
    .action(async (options: EvaluateOptions) => {
      const { runEvaluate } = await import("./evaluate/run-evaluate.ts");
      await runEvaluate(options);
    });
}

const HELP = `
Topics: ${TOPICS.map(({ id }) => id).join(", ")}

Times are only worth something on a machine that does nothing else meanwhile.

Examples:
  warren evaluate                                    the whole report, in evaluation-report
  warren evaluate --short --out /tmp/try             what it looks like, in about a minute
  warren evaluate --topic air-cost --out /tmp/try    one part of it
  warren evaluate --from evaluation-report --out again`;

function collectTopic(id: string, before: readonly string[]): readonly string[] {
  if (!TOPICS.some((topic) => topic.id === id)) {
    throw new InvalidArgumentError(`one of ${TOPICS.map((topic) => topic.id).join(", ")}.`);
  }
  return [...new Set([...before, id])];
}
