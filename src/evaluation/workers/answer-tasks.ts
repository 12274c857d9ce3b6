import { parentPort } from "node:worker_threads";

/** What a worker does with a task. Both task and result are plain data that threads can be sent. */
// biome-ignore lint/suspicious/noExplicitAny: a function of any task, whose type the caller infers.
export type TaskFunction = (task: any) => unknown;

/**
 * Makes the file that calls it a script for `runInWorkers`: answers each task by its result, in turn. What
 * `run` throws ends the worker, and `runInWorkers` throws it.
 *
 * @throws Error in a main thread
 */
export function answerTasks(run: TaskFunction): void {
  const port = parentPort;
  if (port === null) {
    throw new Error("only a worker thread can answer tasks");
  }
  port.on("message", async (task) => port.postMessage(await run(task)));
}
