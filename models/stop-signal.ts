import { constants } from "node:os";

/**
 * Aborted by SIGINT or SIGTERM, with the exit code of that. The process has to end by itself then, when it
 * has tidied up; the same signal once more ends it at once.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      process.exitCode = 128 + constants.signals[name];
      stop.abort();
    });
  }
  return stop.signal;
}
