import type { Clock } from "../../../clock.ts";
import type { Logger } from "../../../logger.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { BackgroundLoop } from "../../background/background-loop.ts";
import { isOfAllDevices } from "../../background/device-errors.ts";
import { logFailure } from "../../background/log-failure.ts";
import type { Device } from "../../device.ts";
import type { DeviceStore } from "../../ports/device-store.ts";
import { requesterKindOf } from "../../root-key-updates/requester.ts";
import { isUnderWay } from "../../root-key-updates/update-policy.ts";
import type { UpdateStarter } from "../../root-key-updates/update-starter.ts";
import { isTime } from "./is-time.ts";

export interface RedeliveryOptions {
  readonly store: Pick<DeviceStore, "findStuckDevices" | "loadDevice">;
  readonly starter: Pick<UpdateStarter, "deliver">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sweepMs: number;
}

const PAGE_DEVICES = 64;

/**
 * Hands requests over again that wait because their carrier could not be reached, or because the process ended
 * between the save and the hand-over. Campaigns see to theirs themselves.
 */
export class Redelivery {
  readonly #options: RedeliveryOptions;
  #after: Eui64 | undefined;
  #dueAt = 0;

  constructor(options: RedeliveryOptions) {
    this.#options = options;
  }

  /** When it goes on, in epoch milliseconds. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** A page of devices. @returns whether it was time for one @throws as `UpdateScheduler.sweep` */
  async turn(loop: Pick<BackgroundLoop, "isStopped">): Promise<boolean> {
    const { store, clock, sweepMs } = this.#options;
    const now = clock.now();
    if (!isTime(this.#dueAt, now, sweepMs)) return false;
    // One that has just been started is being handed over.
    const underWay = { startedAtMost: now - sweepMs };
    const page = await store.findStuckDevices(underWay, PAGE_DEVICES, this.#after);
    for (const devEui of page.devEuis) {
      if (loop.isStopped) return false;
      await this.#deliverOrTell(devEui);
    }
    this.#after = page.next;
    if (page.next === undefined) this.#dueAt = clock.now() + sweepMs;
    return true;
  }

  async #deliverOrTell(devEui: Eui64): Promise<void> {
    const { store, starter, logger } = this.#options;
    try {
      const device = await store.loadDevice(devEui);
      if (device !== undefined && waitsForCarrier(device)) await starter.deliver(devEui);
    } catch (error) {
      if (isOfAllDevices(error)) throw error;
      logFailure(logger, "redelivery-failed", error, { devEui });
    }
  }
}

function waitsForCarrier(device: Device): boolean {
  const { attempt } = device;
  if (!isUnderWay(device) || attempt === undefined) return false;
  if (requesterKindOf(attempt.requestedBy) === "campaign") return false;
  const last = attempt.steps.at(-1)?.kind;
  return last === "request-not-delivered" || last === "started";
}
