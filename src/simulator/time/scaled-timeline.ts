import type { Cancel, Timeline } from "./timeline.ts";
import { WorkQueue } from "./work-queue.ts";

/** The longest wait that `setTimeout` can hold. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;
/** Lets sockets be read between two batches of overdue work. */
const BATCH_SIZE = 200;

/** Simulated time that runs `speed` times as fast as the machine's, over one timer. */
export class ScaledTimeline implements Timeline {
  readonly #queue = new WorkQueue();
  readonly #speed: number;
  readonly #inBatch: (work: () => void) => void;
  readonly #simulatedStart = Date.now();
  readonly #wallStart = performance.now();
  #workingAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerTime = Number.POSITIVE_INFINITY;
  #isClosed = false;

  /**
   * @param speed greater than 0; 10 makes a second of simulated time last 100 ms
   * @param inBatch wrapped around the work that is due at one moment of the machine's time
   */
  constructor(speed: number, inBatch: (work: () => void) => void = (work) => work()) {
    this.#speed = speed;
    this.#inBatch = inBatch;
  }

  now(): number {
    return this.#workingAt ?? this.#elapsed();
  }

  at(time: number, work: () => void): Cancel {
    const entry = this.#queue.add(time, work);
    this.#arm();
    return () => {
      entry.work = undefined;
    };
  }

  /** Drops all work that is left. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #elapsed(): number {
    return this.#simulatedStart + (performance.now() - this.#wallStart) * this.#speed;
  }

  #arm(): void {
    const next = this.#queue.nextTime;
    if (next === undefined || this.#isClosed || this.#workingAt !== undefined) return;
    if (this.#timer !== undefined && this.#timerTime <= next) return;
    clearTimeout(this.#timer);
    this.#timerTime = next;
    const waitMs = Math.max(0, (next - this.#elapsed()) / this.#speed);
    this.#timer = setTimeout(() => this.#run(), Math.min(waitMs, LONGEST_WAIT_MS));
  }

  #run(): void {
    this.#timer = undefined;
    this.#inBatch(() => this.#work(this.#elapsed()));
    this.#arm();
  }

  #work(until: number): void {
    for (let count = 0; count < BATCH_SIZE && !this.#isClosed; count++) {
      const next = this.#queue.takeUntil(until);
      if (next === undefined) break;
      this.#workingAt = next.time;
      try {
        next.work();
      } finally {
        this.#workingAt = undefined;
      }
    }
  }
}
