import type { Clock } from "../../../clock.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { Device } from "../../device.ts";
import type { DeviceStore } from "../../ports/device-store.ts";
import { isUnderWay } from "../../root-key-updates/update-policy.ts";
import type { UpdateStarter } from "../../root-key-updates/update-starter.ts";
import { isTime } from "./is-time.ts";

export interface RedeliveryOptions {
  readonly store: Pick<DeviceStore, "findStuckDevices">;
  readonly starter: Pick<UpdateStarter, "deliver">;
  readonly clock: Clock;
  readonly sweepMs: number;
}

const PAGE_DEVICES = 64;
/** More than either number can be. */
const NEVER = 2 ** 31 - 1;

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

  /** A page of devices. @returns whether it was time for one */
  async turn(signal: AbortSignal): Promise<boolean> {
    const { store, starter, clock, sweepMs } = this.#options;
    const now = clock.now();
    if (!isTime(this.#dueAt, now, sweepMs)) return false;
    // One that has just been started is being handed over.
    const underWay = {
      startedAtMost: now - sweepMs,
      failedAttemptsAtLeast: NEVER,
      lastUpdateIdAtLeast: NEVER,
    };
    const page = await store.findStuckDevices(underWay, PAGE_DEVICES, this.#after);
    for (const { devEui } of page.devices.filter(waitsForCarrier)) {
      if (signal.aborted) return false;
      await starter.deliver(devEui);
    }
    this.#after = page.next;
    if (page.next === undefined) this.#dueAt = clock.now() + sweepMs;
    return true;
  }
}

function waitsForCarrier(device: Device): boolean {
  const { attempt } = device;
  if (!isUnderWay(device) || attempt === undefined) return false;
  if (attempt.requestedBy.startsWith("campaign:")) return false;
  const last = attempt.steps.at(-1)?.kind;
  return last === "request-not-delivered" || last === "started";
}
