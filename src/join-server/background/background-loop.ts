import { setTimeout as sleepFor } from "node:timers/promises";
import type { Logger } from "../../logger.ts";
import { logFailure } from "./log-failure.ts";

/** Waits so many milliseconds, or until the signal: then it rejects. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>;

export interface BackgroundLoopOptions {
  readonly logger: Logger;
  /** What the log calls a turn that has failed. */
  readonly failureEvent: string;
  /** From a turn that has failed to the next one. */
  readonly retryAfterMs: number;
  /** Default: timers, which keep no process from its end. */
  readonly sleep?: Sleep | undefined;
}

/**
 * What a process does turn by turn, beside what it is asked for. A turn that fails is logged, and the next one
 * comes.
 */
export class BackgroundLoop {
  readonly #options: BackgroundLoopOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: BackgroundLoopOptions) {
    this.#options = options;
  }

  /** Whether it is to end: a turn begins nothing more then. */
  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** @param turn answers in how many milliseconds the next one is due */
  start(turn: () => Promise<number>): void {
    this.#running = this.#run(turn);
  }

  /** Resolves when the turn under way is over; whoever cannot wait for a slow peer does not wait for this. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** A pause within a turn. Rejects at the end of the loop, and so ends the turn. */
  async pause(ms: number): Promise<void> {
    const { sleep = sleepUntilSignal } = this.#options;
    await sleep(ms, this.#stop.signal);
  }

  async #run(turn: () => Promise<number>): Promise<void> {
    while (!this.isStopped) {
      const delayMs = await this.#turn(turn);
      await this.pause(delayMs).catch(() => undefined);
    }
  }

  async #turn(turn: () => Promise<number>): Promise<number> {
    const { logger, failureEvent, retryAfterMs } = this.#options;
    try {
      return await turn();
    } catch (error) {
      if (!this.isStopped) logFailure(logger, failureEvent, error);
      return retryAfterMs;
    }
  }
}

function sleepUntilSignal(ms: number, signal: AbortSignal): Promise<unknown> {
  return sleepFor(ms, undefined, { ref: false, signal });
}
