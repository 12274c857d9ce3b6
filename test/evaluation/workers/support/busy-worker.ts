import { threadId } from "node:worker_threads";
import { WarrenError } from "../../../../src/errors.ts";
import { answerTasks } from "../../../../src/evaluation/workers/answer-tasks.ts";

export interface BusyTask {
  readonly number: number;
  /** Of work without a pause. */
  readonly busyMs?: number;
  readonly end?: "throw" | "reject" | "exit" | "answer-with-a-function";
}

export type Busy = typeof work;

answerTasks(work);

async function work({ number, busyMs = 0, end }: BusyTask) {
  const until = performance.now() + busyMs;
  while (performance.now() < until);
  if (end === "throw") throw new WarrenError("value-out-of-range", `task ${number}`);
  if (end === "reject") await Promise.reject(new TypeError(`task ${number}`));
  if (end === "exit") process.exit(7);
  return {
    square: number * number,
    threadId,
    ...(end === "answer-with-a-function" && { square: (() => 1) as unknown as number }),
  };
}
