import { setTimeout as sleep } from "node:timers/promises";
import { type ErrorCode, WarrenError } from "../../../errors.ts";

/** What a server answers, or does not, while it is started anew or its database is. */
const PASSING: readonly ErrorCode[] = ["peer-unreachable", "storage-failed", "vault-unavailable"];

const RETRY_MS = 1_000;
const GIVE_UP_MS = 10 * 60_000;

export interface PatientReaderOptions {
  /** Told once when the server does not answer, and once when it does again. */
  readonly say: (text: string) => void;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Default: 1 s and 10 min. */
  readonly retryMs?: number;
  readonly giveUpMs?: number;
}

/** Asks a server again and again that is away for a while: what is watched for days outlasts an upgrade. */
export class PatientReader {
  readonly #options: PatientReaderOptions;

  constructor(options: PatientReaderOptions) {
    this.#options = options;
  }

  /**
   * @returns undefined when the signal came while the server was away
   * @throws WarrenError as `ask`, when it is not for the server to be waited for, or it was for ten minutes
   */
  async read<T>(ask: () => Promise<T>): Promise<T | undefined> {
    const { say, signal, retryMs = RETRY_MS, giveUpMs = GIVE_UP_MS } = this.#options;
    const until = performance.now() + giveUpMs;
    for (let isAway = false; ; isAway = true) {
      try {
        const answer = await ask();
        if (isAway) say("the Join Server answers again");
        return answer;
      } catch (error) {
        if (!isPassing(error) || performance.now() >= until) throw error;
        if (!isAway) say(`${error.message}; trying again`);
      }
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
    }
  }
}

function isPassing(error: unknown): error is WarrenError {
  return error instanceof WarrenError && PASSING.includes(error.code);
}
