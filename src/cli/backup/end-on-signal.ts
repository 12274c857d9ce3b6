import { constants } from "node:os";

/** Ctrl-C ends the process in order, so that it takes its temporary files along. */
export function endOnSignal(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
