import { setImmediate } from "node:timers/promises";

/** Lets other work have its turn, unless the whole is to end: then it throws the signal's reason. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
