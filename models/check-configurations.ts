import type { Configuration } from "./configurations.ts";
import { runSpin, type SearchResult } from "./run-spin.ts";

/** A configuration and what SPIN found, a result for each claim. */
export interface CheckedConfiguration extends Configuration {
  readonly results: readonly SearchResult[];
}

/** How configurations are run. */
export interface CheckOptions {
  /** So many at the same time. */
  readonly jobs: number;
  /** Ends all of it. */
  readonly signal: AbortSignal;
}

/**
 * Runs the configurations and reports each as it is done. Nothing runs any more when it ends, however it ends.
 *
 * @throws Error of the first run that could not be made, was not exhaustive or was ended
 */
export async function checkConfigurations(
  configurations: readonly Configuration[],
  { jobs, signal }: CheckOptions,
  report: (checked: CheckedConfiguration) => void,
): Promise<void> {
  const waiting = [...configurations];
  const failure = new AbortController();
  const ending = AbortSignal.any([signal, failure.signal]);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      report({ ...next, results: await runSpin(next, ending) });
    }
  };
  const workers = Array.from({ length: Math.max(1, jobs) }, () =>
    work().catch((error: unknown) => failure.abort(error)),
  );
  await Promise.all(workers);
  failure.signal.throwIfAborted();
}
