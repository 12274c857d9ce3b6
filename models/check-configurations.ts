import type { Configuration } from "./configurations.ts";
import { runSpin, type SearchResult } from "./run-spin.ts";

/** A configuration and what SPIN found, a result for each claim. */
export interface CheckedConfiguration extends Configuration {
  readonly results: readonly SearchResult[];
}

/**
 * Runs the configurations, `jobs` at a time, and reports each as it is done.
 *
 * @throws Error of the first run that could not be made or was not exhaustive
 */
export async function checkConfigurations(
  configurations: readonly Configuration[],
  jobs: number,
  report: (checked: CheckedConfiguration) => void,
): Promise<void> {
  const waiting = [...configurations];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      report({ ...next, results: await runSpin(next) });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
}
