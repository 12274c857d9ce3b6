import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { TaskFunction } from "./answer-tasks.ts";

export interface WorkerJob<Run extends TaskFunction> {
  /** A TypeScript file that calls `answerTasks`. */
  readonly script: URL;
  readonly tasks: readonly Parameters<Run>[0][];
  /** Threads: 1 or more. */
  readonly workers: number;
  /** Ends the threads at once, in the midst of a task. */
  readonly signal: AbortSignal;
  /** A task has its result; they end in any order. */
  readonly onResult?: () => void;
}

/**
 * The results of all tasks, in the order of the tasks: a free worker takes the next one, and which worker that
 * is makes no difference as long as a task has all it needs in itself. When this returns or throws, no
 * thread is left.
 *
 * `Run` is the function that the script gives to `answerTasks`; import its type alone.
 *
 * @throws whatever a task threw (an `Error` keeps message, stack and members, but not its class), or the
 *   signal's reason; Error if a worker ended by itself; RangeError for a number of workers that is none
 */
export async function runInWorkers<Run extends TaskFunction>(
  job: WorkerJob<Run>,
): Promise<Awaited<ReturnType<Run>>[]> {
  const { tasks, signal } = job;
  if (!Number.isInteger(job.workers) || job.workers < 1) {
    throw new RangeError(`there must be 1 worker or more, not ${job.workers}`);
  }
  signal.throwIfAborted();

  const results = new Array<Awaited<ReturnType<Run>>>(tasks.length);
  const { promise: failure, reject: fail } = Promise.withResolvers<never>();
  const abort = () => fail(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const workers = Array.from({ length: Math.min(job.workers, tasks.length) }, () =>
    startWorker(job.script, fail),
  );
  let next = 0;
  const workOff = async (worker: Worker) => {
    while (next < tasks.length) {
      const index = next++;
      worker.postMessage(tasks[index]);
      const [result] = await once(worker, "message");
      results[index] = result;
      job.onResult?.();
    }
  };
  try {
    await Promise.race([failure, Promise.all(workers.map(workOff))]);
    return results;
  } finally {
    next = tasks.length;
    signal.removeEventListener("abort", abort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function startWorker(script: URL, fail: (reason: unknown) => void): Worker {
  const worker = new Worker(script);
  worker.on("error", fail);
  worker.on("messageerror", fail);
  worker.on("exit", (code) => fail(new Error(`a worker ended by itself with code ${code}`)));
  return worker;
}
