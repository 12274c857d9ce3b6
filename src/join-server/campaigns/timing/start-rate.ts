import type { Eui64 } from "../../../lorawan/identifiers.ts";

/** A pause of the process, or a slow tick, may be made up for by so much at once. */
const BURST_MS = 5_000;
const MINUTE_MS = 60_000;

/**
 * How many updates a campaign may start now, in all and per gateway: token buckets, each kept as the time
 * when it will be full again (the generic cell rate algorithm). A gateway whose bucket is full again is
 * forgotten.
 */
export class StartRate {
  readonly #overall: Bucket;
  readonly #perGateway: Bucket;
  readonly #beganAt: number;
  #overallFullAt: number;
  readonly #gatewayFullAt = new Map<Eui64, number>();
  /** Up to when the slots of a gateway are given away. */
  readonly #gatewaySlotAt = new Map<Eui64, number>();

  /**
   * @param limits per minute
   * @param now epoch milliseconds; all buckets are empty then, so that whoever takes a campaign over does not
   *   add a burst of its own
   */
  constructor(
    limits: { readonly startsPerMinute: number; readonly startsPerMinutePerGateway: number },
    now: number,
  ) {
    this.#overall = bucketOf(limits.startsPerMinute);
    this.#perGateway = bucketOf(limits.startsPerMinutePerGateway);
    this.#beganAt = now;
    this.#overallFullAt = now + this.#overall.depthMs;
  }

  /** Whole tokens that are there for any device. */
  available(now: number): number {
    return available(this.#overall, this.#overallFullAt, now);
  }

  /** Whether the gateway has room; a device whose gateway is not known has no such limit. */
  hasRoom(gatewayId: Eui64 | undefined, now: number): boolean {
    return gatewayId === undefined || available(this.#perGateway, this.#fullAt(gatewayId), now) > 0;
  }

  /** Takes a token of both; ask before whether they are there. */
  take(gatewayId: Eui64 | undefined, now: number): void {
    this.#overallFullAt = Math.max(this.#overallFullAt, now) + this.#overall.periodMs;
    if (gatewayId === undefined) return;
    const fullAt = Math.max(this.#fullAt(gatewayId), now) + this.#perGateway.periodMs;
    this.#gatewayFullAt.set(gatewayId, fullAt);
  }

  /**
   * When a device of a gateway without room may come again: one after the other, so that each of thousands
   * is looked at about once.
   *
   * @returns epoch milliseconds
   */
  reserveSlot(gatewayId: Eui64, now: number): number {
    const { periodMs, depthMs } = this.#perGateway;
    const free = this.#fullAt(gatewayId) - depthMs + periodMs;
    const slot = Math.max(free, (this.#gatewaySlotAt.get(gatewayId) ?? 0) + periodMs, now + 1);
    this.#gatewaySlotAt.set(gatewayId, slot);
    return Math.ceil(slot);
  }

  /** Forgets what is of no more interest; to be called from time to time. */
  forget(now: number): void {
    for (const times of [this.#gatewayFullAt, this.#gatewaySlotAt]) {
      for (const [gatewayId, time] of times) if (time <= now) times.delete(gatewayId);
    }
  }

  #fullAt(gatewayId: Eui64): number {
    return this.#gatewayFullAt.get(gatewayId) ?? this.#beganAt + this.#perGateway.depthMs;
  }
}

interface Bucket {
  /** Time for one token, and for all that fit. */
  readonly periodMs: number;
  readonly depthMs: number;
}

function bucketOf(perMinute: number): Bucket {
  const periodMs = MINUTE_MS / perMinute;
  return { periodMs, depthMs: Math.max(1, Math.floor(BURST_MS / periodMs)) * periodMs };
}

/** A clock that was set back must not close a bucket for longer than it takes to fill. */
function available({ periodMs, depthMs }: Bucket, fullAt: number, now: number): number {
  const untilFullMs = Math.min(Math.max(0, fullAt - now), depthMs);
  // Half a token of a millionth less than whole is whole: periods are fractions of milliseconds.
  return Math.floor((depthMs - untilFullMs) / periodMs + 1e-6);
}
