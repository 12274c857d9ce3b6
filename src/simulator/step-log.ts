import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";

/** What may stand in a step: never a key, but the fingerprint of one. */
export type StepFields = Readonly<Record<string, unknown>>;

/** One step in the life of a device. */
export interface Step {
  /** ISO 8601, wall clock. */
  readonly at: string;
  readonly devEui: Eui64;
  /** Constant name such as `join-accepted`. */
  readonly event: string;
  readonly [field: string]: unknown;
}

const STEPS_PER_DEVICE = 100;
/** All devices together; with many, each keeps fewer. A step takes up to a kilobyte. */
const STEPS_IN_ALL = 60_000;

/** The last steps of each device, for a terminal to show, and all steps as they happen. */
export class StepLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #steps = new Map<Eui64, Step[]>();
  readonly #listeners = new Set<(step: Step) => void>();

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  record(devEui: Eui64, event: string, fields: StepFields = {}): void {
    const at = new Date(this.#clock.now()).toISOString();
    const step = { at, devEui, event, ...fields };
    const kept = this.#steps.get(devEui) ?? [];
    kept.push(step);
    const limit = Math.min(STEPS_PER_DEVICE, Math.ceil(STEPS_IN_ALL / (this.#steps.size + 1)));
    if (kept.length > limit) kept.splice(0, kept.length - limit);
    this.#steps.set(devEui, kept);
    this.#logger.debug({ event, devEui, ...fields });
    for (const listener of this.#listeners) listener(step);
  }

  /** The last steps of a device, oldest first. */
  of(devEui: Eui64): readonly Step[] {
    return this.#steps.get(devEui) ?? [];
  }

  /** Calls `listener` with every step from now on; returns how to end that. */
  subscribe(listener: (step: Step) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
