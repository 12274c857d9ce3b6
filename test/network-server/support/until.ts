import { setTimeout as delay } from "node:timers/promises";

/** Only a failure waits so long. */
const LIMIT_MS = 20_000;

/** Waits until a condition holds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await delay(5);
  }
}
