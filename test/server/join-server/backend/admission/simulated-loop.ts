import {
  Admission,
  type AdmissionLimits,
  type DropReason,
} from "../../../../../src/server/join-server/backend/admission/admission.ts";

/** A request of the simulation; times in milliseconds. */
export interface Arrival {
  readonly at: number;
  /** How long it takes once it is let in. */
  readonly workMs: number;
  /** On the loop itself, so that nothing is read meanwhile; or elsewhere, as in a database. */
  readonly isOnLoop: boolean;
  /** When whoever asked goes away, if nothing has come by then. */
  readonly goneAt: number;
}

export interface Outcome {
  readonly index: number;
  readonly at: number;
  readonly fate: "admitted" | DropReason;
  /** Those that waited at that moment, oldest first, itself not among them; where that is noted. */
  readonly waiting: readonly number[];
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Reading the header lines of one request takes so long. */
const READ_MS = 0.02;

/** An event loop with one admission on it: timers, then reading, then what was to happen after reading. */
export class SimulatedLoop {
  readonly outcomes: Outcome[] = [];
  readonly admission: Admission<number>;
  /** The most that were under way at a time. */
  maxUnderWay = 0;
  readonly #arrivals: readonly Arrival[];
  readonly #waiting = new Set<number>();
  #now = 0;
  #next = 0;
  #timers: Timer[] = [];
  #afterReading: (() => void)[] = [];

  readonly #notesWaiting: boolean;

  /** @param arrivals in the order they come */
  constructor(limits: AdmissionLimits, arrivals: readonly Arrival[], notesWaiting = true) {
    this.#arrivals = arrivals;
    this.#notesWaiting = notesWaiting;
    this.admission = new Admission<number>(limits, {
      now: () => this.#now,
      afterReading: (callback) => void this.#afterReading.push(callback),
      later: (callback, ms) => void this.#timers.push({ at: this.#now + ms, callback }),
      isGone: (index) => (arrivals[index] as Arrival).goneAt <= this.#now,
      admit: (index) => this.#work(index),
      drop: (index, reason) => this.#note(index, reason),
    });
  }

  /** Until nothing is left to do. */
  run(): void {
    while (this.#sleep()) {
      this.#runTimers();
      this.#read();
      for (const callback of this.#afterReading.splice(0)) callback();
    }
  }

  /** False when nothing can happen any more. */
  #sleep(): boolean {
    if (this.#afterReading.length > 0) return true;
    const times = this.#timers.map(({ at }) => at);
    const arrival = this.#arrivals[this.#next];
    if (arrival !== undefined) times.push(arrival.at);
    if (times.length === 0) return false;
    this.#now = Math.max(this.#now, Math.min(...times));
    return true;
  }

  #runTimers(): void {
    const due = this.#timers.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
  }

  #read(): void {
    const until = this.#now;
    for (;;) {
      const arrival = this.#arrivals[this.#next];
      if (arrival === undefined || arrival.at > until) return;
      this.#waiting.add(this.#next);
      this.admission.offer(this.#next++);
      this.#now += READ_MS;
    }
  }

  #work(index: number): void {
    const { workMs, isOnLoop } = this.#arrivals[index] as Arrival;
    this.#note(index, "admitted");
    this.admission.began();
    this.maxUnderWay = Math.max(this.maxUnderWay, this.admission.underWay);
    if (isOnLoop) {
      this.#now += workMs;
      this.admission.ended();
    } else {
      this.#timers.push({ at: this.#now + workMs, callback: () => this.admission.ended() });
    }
  }

  #note(index: number, fate: Outcome["fate"]): void {
    this.#waiting.delete(index);
    const waiting = this.#notesWaiting ? [...this.#waiting] : [];
    this.outcomes.push({ index, at: this.#now, fate, waiting });
  }
}
