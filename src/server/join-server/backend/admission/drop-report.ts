import type { Logger } from "../../../../logger.ts";
import type { DropReason } from "./admission.ts";

/** At most one line in this time, however many are dropped. */
const PERIOD_MS = 5_000;

/** Tells operators how many requests were dropped: one line for all of a while. */
export class DropReport {
  readonly #logger: Logger;
  readonly #counts = new Map<DropReason, number>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  note(reason: DropReason): void {
    if (this.#counts.size === 0) setTimeout(() => this.#tell(), PERIOD_MS).unref();
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  #tell(): void {
    const counts = Object.fromEntries(this.#counts);
    this.#counts.clear();
    this.#logger.warn(
      { event: "requests-dropped", ...counts },
      "more requests than this server can answer in time: the oldest were dropped",
    );
  }
}
