import type { Clock } from "../../../clock.ts";
import { WarrenError } from "../../../errors.ts";
import type { Logger } from "../../../logger.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import { BackgroundLoop, type Sleep } from "../../background/background-loop.ts";
import { isOfAllDevices, isUnreadable } from "../../background/device-errors.ts";
import { logFailure } from "../../background/log-failure.ts";
import type { DeviceStore } from "../../ports/device-store.ts";
import type { UpdateStarter } from "../../root-key-updates/update-starter.ts";
import { type DueReason, dueReason, mayStartByPolicy } from "../due-reason.ts";
import type { PolicyBook } from "../policy-book.ts";
import { policyOfDevice } from "../policy-levels.ts";
import { type DueScan, dueScans } from "./due-scans.ts";
import { isTime } from "./is-time.ts";
import { Redelivery } from "./redelivery.ts";
import { StartPace } from "./start-pace.ts";

export interface UpdateSchedulerOptions {
  readonly store: Pick<DeviceStore, "findDueDevices" | "findStuckDevices" | "loadDevice">;
  readonly policies: Pick<PolicyBook, "levels">;
  readonly starter: UpdateStarter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Time between two looks at the same devices. */
  readonly sweepMs: number;
  /** 0 starts none. */
  readonly startsPerMinute: number;
  /** Default: timers. */
  readonly sleep?: Sleep;
}

/** How far a look at devices has come. */
interface Place {
  readonly after: Eui64 | undefined;
  /** When it goes on, in epoch milliseconds. */
  readonly dueAt: number;
  readonly started: number;
  /** By error code. */
  readonly refused: ReadonlyMap<string, number>;
}

/** Devices of one page; the next kind has its turn after it, so that many of one do not hold up another. */
const PAGE_DEVICES = 64;
/** A carrier may take seconds to answer. */
const STARTS_AT_ONCE = 8;
/** Between pages, for joins. */
const PAUSE_MS = 20;
const RETRY_AFTER_MS = 10_000;

/**
 * Starts updates where a policy wants them. It keeps nothing that a restart would lose, and several processes
 * may do it at once: whether an update is to be started is decided with the device's record, in the save.
 */
export class UpdateScheduler {
  readonly #options: UpdateSchedulerOptions;
  readonly #loop: BackgroundLoop;
  readonly #pace: StartPace;
  readonly #redelivery: Redelivery;
  readonly #places = new Map<string, Place>();

  constructor(options: UpdateSchedulerOptions) {
    const { clock, startsPerMinute, logger, sleep } = options;
    const loop = new BackgroundLoop({
      logger,
      failureEvent: "policies-failed",
      retryAfterMs: RETRY_AFTER_MS,
      sleep,
    });
    this.#options = options;
    this.#loop = loop;
    this.#pace = new StartPace(Math.max(startsPerMinute, 1), clock, (ms) => loop.pause(ms));
    this.#redelivery = new Redelivery(options);
  }

  start(): void {
    this.#loop.start(async () => {
      await this.sweep();
      return this.#untilNextMs();
    });
  }

  /** Starts no more. */
  close(): Promise<void> {
    return this.#loop.close();
  }

  /**
   * One look at every device that has not been looked at for a while.
   *
   * @throws WarrenError `storage-failed`, `vault-unavailable`
   */
  async sweep(): Promise<void> {
    for (let isAtWork = true; isAtWork && !this.#loop.isStopped; ) {
      isAtWork = await this.#turn();
      if (isAtWork) await this.#loop.pause(PAUSE_MS);
    }
  }

  /** A page of each kind of devices. @returns whether there was anything to look at */
  async #turn(): Promise<boolean> {
    const { policies, clock, startsPerMinute, sweepMs } = this.#options;
    let isAtWork = await this.#redelivery.turn(this.#loop);
    if (startsPerMinute === 0) return isAtWork;
    const levels = await policies.levels();
    const scans = dueScans(levels, clock.now());
    this.#forgetOthers(scans);
    for (const scan of scans) {
      if (this.#loop.isStopped) return false;
      const place = this.#places.get(scan.key) ?? newPlace(0);
      if (!isTime(place.dueAt, clock.now(), sweepMs)) continue;
      this.#places.set(scan.key, await this.#page(scan, place));
      isAtWork = true;
    }
    return isAtWork;
  }

  async #page({ key, query }: DueScan, place: Place): Promise<Place> {
    const { store, clock, logger, sweepMs } = this.#options;
    const found = await store.findDueDevices(query, PAGE_DEVICES, place.after);
    const refused = new Map(place.refused);
    let { started } = place;
    const waiting = found.values();
    const work = async () => {
      for (const devEui of waiting) {
        const outcome = await this.#startOrTell(devEui);
        if (outcome === "started") started++;
        else if (outcome !== undefined) refused.set(outcome, (refused.get(outcome) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: STARTS_AT_ONCE }, work));
    const after = found.at(-1);
    if (found.length === PAGE_DEVICES) return { ...place, after, started, refused };
    if (started > 0 || refused.size > 0) {
      const counts = { started, refused: Object.fromEntries(refused) };
      logger.info({ event: "policy-sweep", devices: key, ...counts });
    }
    return newPlace(clock.now() + sweepMs);
  }

  /** @returns the error code of a refusal, undefined when it is not time */
  async #startOrTell(devEui: Eui64): Promise<string | undefined> {
    try {
      return (await this.#startIfDue(devEui)) ? "started" : undefined;
    } catch (error) {
      if (this.#loop.isStopped || isOfAllDevices(error)) throw error;
      const isRefusal = error instanceof WarrenError && !isUnreadable(error);
      if (!isRefusal) logFailure(this.#options.logger, "policy-start-failed", error, { devEui });
      return error instanceof WarrenError ? error.code : "defect";
    }
  }

  async #startIfDue(devEui: Eui64): Promise<boolean> {
    if (this.#loop.isStopped || (await this.#dueReason(devEui)) === undefined) return false;
    await this.#pace.next();
    let isStarted = false;
    try {
      // A turn may take minutes to come, and the policy may have been taken back meanwhile.
      const reason = await this.#dueReason(devEui);
      if (reason === undefined) return false;
      const order = { requestedBy: `policy:${reason}`, respectsMinimumPeriod: true } as const;
      // Not new: another process has started it.
      isStarted = (await this.#options.starter.start(devEui, order)).isNew;
      return isStarted;
    } finally {
      if (!isStarted) this.#pace.giveBack();
    }
  }

  /** Why an update is to be started now. */
  async #dueReason(devEui: Eui64): Promise<DueReason | undefined> {
    const { store, policies, clock } = this.#options;
    const device = await store.loadDevice(devEui);
    if (device === undefined) return undefined;
    const policy = policyOfDevice(await policies.levels(), device);
    const now = clock.now();
    return mayStartByPolicy(device, policy, now) ? dueReason(device, policy, now) : undefined;
  }

  /** A profile that is gone has no place any more. */
  #forgetOthers(scans: readonly DueScan[]): void {
    const keys = new Set(scans.map(({ key }) => key));
    for (const key of this.#places.keys()) if (!keys.has(key)) this.#places.delete(key);
  }

  #untilNextMs(): number {
    const { clock, sweepMs } = this.#options;
    const dueAt = [...this.#places.values(), this.#redelivery].map((place) => place.dueAt);
    return Math.min(Math.max(Math.min(...dueAt) - clock.now(), PAUSE_MS), sweepMs);
  }
}

function newPlace(dueAt: number): Place {
  return { after: undefined, dueAt, started: 0, refused: new Map() };
}
