import { type Waiting, WaitingLine } from "./waiting-line.ts";

/** How long requests may wait, and how many. */
export interface AdmissionLimits {
  /** Milliseconds after which an answer is of no use to anybody. */
  readonly waitMs: number;
  /** How many may wait. */
  readonly length: number;
}

/** Why one was not let in: it waited too long, there was no room for more to wait, or whoever asked has gone. */
export const DROP_REASONS = ["late", "full", "gone"] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** Time, and what becomes of those that are offered. */
export interface AdmissionPorts<T> {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Calls back once all that could be read by now has been offered (`setImmediate`). */
  afterReading(callback: () => void): void;
  /** Calls back after so many milliseconds. */
  later(callback: () => void, ms: number): void;
  /** Its turn has come: `Admission.began` and later `ended` are called of it, or neither. */
  admit(item: T): void;
  drop(item: T, reason: DropReason): void;
  /** Nobody waits for its answer any more. */
  isGone(item: T): boolean;
}

/**
 * Let in between two looks at what has arrived meanwhile: with joins of a millisecond on the main thread
 * they take less than 10 ms, and with those of 0.1 ms a look costs little beside them.
 */
const ADMITTED_AT_ONCE = 8;
/**
 * Nobody is let in while so many are under way: enough for databases to commit in groups. More would only
 * wait there, out of sight.
 */
const MAX_UNDER_WAY = 64;
/** When the oldest has waited for this part of the time, there is more than can be done. */
const CROWDED_AFTER = 0.5;

/**
 * Lets in as many as can be worked on. In good times the oldest come first, so that nobody is passed over.
 * When there is more than can be done, the newest come first and the oldest are dropped: those that are
 * served are then served soon, where first come, first served would bring every answer just too late.
 *
 * One is as old as it may be: it may have waited since the last look at what had arrived, unseen.
 */
export class Admission<T> {
  readonly #limits: AdmissionLimits;
  readonly #ports: AdmissionPorts<T>;
  readonly #line = new WaitingLine<T>();
  #underWay = 0;
  /** How many more may be let in before the next look. */
  #places = ADMITTED_AT_ONCE;
  #isReading = false;
  /** What is offered now may have arrived since then, when what had arrived was last asked for. */
  #since = 0;
  /** When that was asked for which is offered now: what arrives from then on is offered only next time. */
  #offeredAt: number | undefined;
  #isBusy = false;
  #isTimerSet = false;

  constructor(limits: AdmissionLimits, ports: AdmissionPorts<T>) {
    this.#limits = limits;
    this.#ports = ports;
  }

  get waiting(): number {
    return this.#line.size;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Lets it in at once, or later, or drops it. */
  offer(item: T): void {
    this.#offeredAt ??= this.#ports.now();
    if (!this.#isReading) {
      this.#since = this.#offeredAt;
      this.#read();
    }
    this.#isBusy = true;
    if (this.#line.size === 0 && this.#hasPlace()) {
      this.#admit({ item, since: this.#since });
      return;
    }
    this.#line.add({ item, since: this.#since });
    if (this.#line.size > this.#limits.length) this.#dropOldest("full");
    this.#setTimer();
  }

  /** One that was let in takes up a place from now on, until it has `ended`. */
  began(): void {
    this.#underWay += 1;
  }

  ended(): void {
    this.#underWay -= 1;
    if (this.#line.size > 0) this.#read();
  }

  /** So that what arrives is seen before more is let in. */
  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#ports.afterReading(() => this.#haveRead());
  }

  #haveRead(): void {
    this.#isReading = false;
    const now = this.#ports.now();
    const wasBusy = this.#isBusy;
    this.#isBusy = false;
    this.#since = this.#offeredAt ?? now;
    this.#offeredAt = undefined;
    this.#places = ADMITTED_AT_ONCE;
    this.#dropLate(now);
    while (this.#line.size > 0 && this.#hasPlace()) this.#admitNext(now);
    // What arrives during the work of this turn has waited for it, even if nobody waits now.
    if (wasBusy || this.#isBusy || this.#canGoOn()) this.#read();
  }

  #canGoOn(): boolean {
    return this.#line.size > 0 && this.#underWay < MAX_UNDER_WAY;
  }

  #hasPlace(): boolean {
    return this.#places > 0 && this.#underWay < MAX_UNDER_WAY;
  }

  #admitNext(now: number): void {
    const { oldest } = this.#line;
    const crowdedMs = this.#limits.waitMs * CROWDED_AFTER;
    const isCrowded = oldest !== undefined && now - oldest.since > crowdedMs;
    const next = isCrowded ? this.#line.takeNewest() : this.#line.takeOldest();
    if (next !== undefined) this.#admit(next);
  }

  /** Of those let in together the last may have become too old by the time it is looked at. */
  #admit({ item, since }: Waiting<T>): void {
    const isLate = this.#ports.now() - since > this.#limits.waitMs;
    if (isLate || this.#ports.isGone(item)) {
      this.#ports.drop(item, isLate ? "late" : "gone");
      return;
    }
    this.#places -= 1;
    this.#isBusy = true;
    this.#ports.admit(item);
  }

  #dropLate(now: number): void {
    for (let { oldest } = this.#line; oldest !== undefined; oldest = this.#line.oldest) {
      if (now - oldest.since <= this.#limits.waitMs) return;
      this.#dropOldest("late");
    }
  }

  #dropOldest(reason: DropReason): void {
    const oldest = this.#line.takeOldest();
    if (oldest !== undefined) this.#ports.drop(oldest.item, reason);
  }

  /** For when all that are under way take so long that no turn comes. */
  #setTimer(): void {
    const { oldest } = this.#line;
    if (this.#isTimerSet || oldest === undefined) return;
    this.#isTimerSet = true;
    const ms = oldest.since + this.#limits.waitMs - this.#ports.now();
    this.#ports.later(
      () => {
        this.#isTimerSet = false;
        this.#dropLate(this.#ports.now());
        this.#setTimer();
      },
      Math.max(1, Math.ceil(ms) + 1),
    );
  }
}
