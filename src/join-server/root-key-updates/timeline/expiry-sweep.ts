import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../../clock.ts";
import { WarrenError } from "../../../errors.ts";
import type { Logger } from "../../../logger.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { PolicyBook } from "../../policies/policy-book.ts";
import type { DeviceStore } from "../../ports/device-store.ts";
import type { EventSink } from "../../ports/events.ts";
import { decideAndSave } from "../../save-with-retry.ts";
import { expireUpdate, type UpdatePolicy } from "../update-policy.ts";
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
/** At a stop, what is under way has so long. */
const CLOSE_GRACE_MS = 1_000;
/** More than either number can be. */
const NEVER = 2 ** 31 - 1;

/**
 * Ends updates that have taken too long and of which nothing comes any more; others end with the next message
 * about them. Several processes may do it at once: whether an update has expired is decided with the
 * device's record, in the save.
 */
export class ExpirySweep {
  readonly #options: ExpirySweepOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: ExpirySweepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Waits a moment for what is under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.race([this.#running, sleep(CLOSE_GRACE_MS, undefined, { ref: false })]);
  }

  /** A look at every device. @returns how many updates it has ended @throws WarrenError `storage-failed` */
  async sweep(): Promise<number> {
    const { store, clock, updatePolicy } = this.#options;
    const query = {
      startedAtMost: clock.now() - updatePolicy.expiryMs,
      failedAttemptsAtLeast: NEVER,
      lastUpdateIdAtLeast: NEVER,
    };
    let ended = 0;
    let after: Eui64 | undefined;
    do {
      const page = await store.findStuckDevices(query, PAGE_DEVICES, after);
      for (const { devEui } of page.devices) {
        if (this.#stop.signal.aborted) return ended;
        if (await this.#expireOrTell(devEui)) ended++;
      }
      after = page.next;
      if (after !== undefined) await this.#sleep(PAUSE_MS);
    } while (after !== undefined && !this.#stop.signal.aborted);
    return ended;
  }

  async #run(): Promise<void> {
    const { expiryMs } = this.#options.updatePolicy;
    const period = Math.max(expiryMs / PERIODS_PER_EXPIRY, SHORTEST_PERIOD_MS);
    while (!this.#stop.signal.aborted) {
      try {
        await this.sweep();
      } catch (error) {
        this.#tell(error);
      }
      await this.#sleep(Math.min(period, LONGEST_PERIOD_MS));
    }
  }

  /** One that was deleted meanwhile, or changes all the time, does not hold up those behind it. */
  async #expireOrTell(devEui: Eui64): Promise<boolean> {
    try {
      return await this.#expire(devEui);
    } catch (error) {
      if (!(error instanceof WarrenError) || error.code === "storage-failed") throw error;
      this.#tell(error);
      return false;
    }
  }

  async #expire(devEui: Eui64): Promise<boolean> {
    const { store, policies, updatePolicy, clock, events } = this.#options;
    const context = { now: clock.now(), levels: await policies.levels() };
    let isEnded = false;
    const { device, endedAttempts } = await decideAndSave(store, devEui, (stored) => {
      isEnded = expireUpdate(stored, updatePolicy, context.now) !== stored;
      return expireWithTimeline(stored, updatePolicy, context);
    });
    if (!isEnded) return false;
    const told = failureEvents(device, endedAttempts, { at: context.now });
    for (const event of told) events.publish(event);
    return true;
  }

  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { ref: false, signal: this.#stop.signal }).catch(() => undefined);
  }

  /** The next look goes on, whatever it was. */
  #tell(error: unknown): void {
    const { logger } = this.#options;
    if (error instanceof WarrenError) {
      const { code: reason, message } = error;
      logger.warn({ event: "expiry-sweep-failed", reason }, message);
    } else {
      logger.error({ event: "defect", err: error }, "unexpected error");
    }
  }
}
