import { setTimeout as sleep } from "node:timers/promises";
import { WarrenError } from "../../errors.ts";

const POLL_MS = 100;

/**
 * Asks `probe` again and again until it gives a value. A role that is away for a moment counts as no value,
 * since it may be about to start again.
 *
 * @param what for the error: "device 1.1.0: joined"
 * @param isStopped ends the wait early
 * @throws WarrenError `peer-unreachable` after `timeoutMs`, saying what was waited for
 */
export async function waitUntil<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined>,
  isStopped: () => boolean = () => false,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let lastProblem = "";
  while (Date.now() < deadline && !isStopped()) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      lastProblem = ` (${error.message})`;
    }
    await sleep(POLL_MS);
  }
  throw new WarrenError("peer-unreachable", `waited in vain for: ${what}${lastProblem}`);
}
