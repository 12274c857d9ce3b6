import type { Clock } from "../../../clock.ts";
import type { Logger } from "../../../logger.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import { BackgroundLoop } from "../../background/background-loop.ts";
import { isOfAllDevices } from "../../background/device-errors.ts";
import { logFailure } from "../../background/log-failure.ts";
import type { PolicyBook } from "../../policies/policy-book.ts";
import type { DeviceStore } from "../../ports/device-store.ts";
import type { EventSink } from "../../ports/events.ts";
import { decideAndSave } from "../../save-with-retry.ts";
import type { UpdatePolicy } from "../update-policy.ts";
import { expireWithTimeline } from "./expire-update.ts";
import { failureEvents } from "./failure-events.ts";

export interface ExpirySweepOptions {
  readonly store: Pick<DeviceStore, "findStuckDevices" | "loadDevice" | "saveDevice">;
  readonly policies: Pick<PolicyBook, "levels">;
  readonly updatePolicy: UpdatePolicy;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
}

const PAGE_DEVICES = 100;
/** Between pages, for joins. */
const PAUSE_MS = 20;
const LONGEST_PERIOD_MS = 300_000;
const SHORTEST_PERIOD_MS = 1_000;
/** A part of the expiry itself, where that is short. */
const PERIODS_PER_EXPIRY = 10;
const FAILURE_EVENT = "expiry-sweep-failed";

/**
 * Ends updates that have taken too long and of which nothing comes any more; others end with the next message
 * about them. Several processes may do it at once: whether an update has expired is decided with the
 * device's record, in the save.
 */
export class ExpirySweep {
  readonly #options: ExpirySweepOptions;
  readonly #periodMs: number;
  readonly #loop: BackgroundLoop;

  constructor(options: ExpirySweepOptions) {
    const { logger, updatePolicy } = options;
    const period = Math.max(updatePolicy.expiryMs / PERIODS_PER_EXPIRY, SHORTEST_PERIOD_MS);
    this.#options = options;
    this.#periodMs = Math.min(period, LONGEST_PERIOD_MS);
    this.#loop = new BackgroundLoop({
      logger,
      failureEvent: FAILURE_EVENT,
      retryAfterMs: this.#periodMs,
    });
  }

  start(): void {
    this.#loop.start(async () => {
      await this.sweep();
      return this.#periodMs;
    });
  }

  close(): Promise<void> {
    return this.#loop.close();
  }

  /**
   * A look at every device; one that fails is logged and passed over.
   *
   * @returns how many updates it has ended
   * @throws WarrenError `storage-failed`, `vault-unavailable`
   */
  async sweep(): Promise<number> {
    const { store, clock, updatePolicy } = this.#options;
    const query = { startedAtMost: clock.now() - updatePolicy.expiryMs };
    let ended = 0;
    let after: Eui64 | undefined;
    do {
      const page = await store.findStuckDevices(query, PAGE_DEVICES, after);
      for (const devEui of page.devEuis) {
        if (this.#loop.isStopped) return ended;
        if (await this.#expireOrTell(devEui)) ended++;
      }
      after = page.next;
      if (after !== undefined) await this.#loop.pause(PAUSE_MS);
    } while (after !== undefined);
    return ended;
  }

  async #expireOrTell(devEui: Eui64): Promise<boolean> {
    try {
      return await this.#expire(devEui);
    } catch (error) {
      if (isOfAllDevices(error)) throw error;
      logFailure(this.#options.logger, FAILURE_EVENT, error, { devEui });
      return false;
    }
  }

  async #expire(devEui: Eui64): Promise<boolean> {
    const { store, policies, updatePolicy, clock, events } = this.#options;
    const context = { now: clock.now(), levels: await policies.levels() };
    const { device, endedAttempts, isSaved } = await decideAndSave(store, devEui, (stored) =>
      expireWithTimeline(stored, updatePolicy, context),
    );
    for (const event of failureEvents(device, endedAttempts, { at: context.now })) {
      events.publish(event);
    }
    return isSaved;
  }
}
