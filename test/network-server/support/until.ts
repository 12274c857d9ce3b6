import { setTimeout as delay } from "node:timers/promises";

/** Waits until a condition holds, at most three seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 3_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await delay(5);
  }
}
