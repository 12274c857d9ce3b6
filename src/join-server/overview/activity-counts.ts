import type { EventKind, JoinServerEvent } from "../ports/events.ts";

/** What is counted of the events of an interval. */
const COUNTED = {
  "join-accepted": "joinsAccepted",
  "join-refused": "joinsRefused",
  "rejoin-accepted": "rejoinsAccepted",
  "rejoin-refused": "rejoinsRefused",
  "update-started": "updatesStarted",
  "update-committed": "updatesCommitted",
  "update-failed": "updatesFailed",
} as const satisfies Partial<Record<EventKind, string>>;
export type Counted = (typeof COUNTED)[keyof typeof COUNTED];

/** One interval; all counts start at 0. */
export interface ActivityInterval {
  /** Epoch milliseconds, a multiple of the length of an interval. */
  readonly startsAt: number;
  readonly counts: Readonly<Record<Counted, number>>;
  /** Refused joins and rejoins by error code. */
  readonly refusals: ReadonlyMap<string, number>;
}

interface Growing {
  readonly counts: Record<Counted, number>;
  readonly refusals: Map<string, number>;
}

const noCounts = (): Record<Counted, number> => ({
  joinsAccepted: 0,
  joinsRefused: 0,
  rejoinsAccepted: 0,
  rejoinsRefused: 0,
  updatesStarted: 0,
  updatesCommitted: 0,
  updatesFailed: 0,
});

/** Events per interval of one length, of the last so many intervals. */
export class ActivityCounts {
  readonly intervalMs: number;
  readonly #keptIntervals: number;
  readonly #intervals = new Map<number, Growing>();
  #newest = 0;

  constructor(intervalMs: number, keptIntervals: number) {
    this.intervalMs = intervalMs;
    this.#keptIntervals = keptIntervals;
  }

  receive({ kind, at, reason }: JoinServerEvent): void {
    const counted = COUNTED[kind as keyof typeof COUNTED] as Counted | undefined;
    if (counted === undefined) return;
    const interval = this.#at(Math.floor(at / this.intervalMs));
    interval.counts[counted]++;
    if (kind !== "join-refused" && kind !== "rejoin-refused") return;
    const refusals = interval.refusals;
    refusals.set(reason ?? "unknown", (refusals.get(reason ?? "unknown") ?? 0) + 1);
  }

  /** Every interval between both, those without events too, as far as they are kept. Epoch milliseconds. */
  between(from: number, until: number): ActivityInterval[] {
    const last = Math.floor(until / this.intervalMs);
    const first = Math.max(Math.floor(from / this.intervalMs), last - this.#keptIntervals + 1);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => {
      const known = this.#intervals.get(first + offset);
      return {
        startsAt: (first + offset) * this.intervalMs,
        counts: known?.counts ?? noCounts(),
        refusals: known?.refusals ?? new Map<string, number>(),
      };
    });
  }

  #at(index: number): Growing {
    const known = this.#intervals.get(index);
    if (known !== undefined) return known;
    const made = { counts: noCounts(), refusals: new Map<string, number>() };
    this.#intervals.set(index, made);
    // The clock may have been set back; what is of the time before is then as old as anything.
    if (index > this.#newest || index <= this.#newest - this.#keptIntervals) this.#newest = index;
    for (const other of this.#intervals.keys()) {
      if (other > this.#newest || other <= this.#newest - this.#keptIntervals) {
        this.#intervals.delete(other);
      }
    }
    return made;
  }
}
