import { median } from "../join-load.ts";
import { checkJoins } from "../joins/check-joins.ts";
import { LOAD_DEVICES } from "../joins/population.ts";
import { startWarren } from "../joins/targets.ts";
import { JoinConnection } from "./join-connection.ts";
import { playStorm, type StormRecord } from "./play-storm.ts";
import { StormDevices } from "./storm-devices.ts";

export interface StormOptions {
  /** For how long devices join for the first time. */
  readonly windowSeconds: number;
  readonly maxSeconds: number;
}

export interface StormFigures {
  /** First Join-requests a second, in multiples of the capacity. */
  readonly load: number;
  readonly isGuarded: boolean;
  readonly devices: number;
  readonly joined: number;
  readonly requests: number;
  readonly dropped: number;
  readonly late: number;
  readonly failed: number;
  /** Join-accepts in time, in seconds in which there were enough requests; without the first second. */
  readonly goodputPerSecond: number;
  readonly goodputOfCapacity: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Until the last device had joined; as a multiple of what the capacity allows at best. */
  readonly seconds: number;
  readonly ofShortest: number;
  /** The longest that the load itself was late: of the same order as the latencies, these mean nothing. */
  readonly lagMs: number;
  readonly goodputBySecond: readonly number[];
}

export interface StormMeasurement {
  /** Joins a second of 32 connections that always ask. */
  readonly capacityPerSecond: number;
  readonly storms: readonly StormFigures[];
}

const LOADS = [0.5, 1, 2, 4];
const CONNECTIONS = 32;
const CAPACITY_SECONDS = 4;
const CAPACITY_ROUNDS = 3;
/** Beyond what is joined in that time; those after them are made as they are wanted. */
const PREPARED = 20_000;
/** Joins checked down to their keys after each storm. */
const SAMPLE = 20;
/** Of what can be asked for: a second with fewer requests says nothing of the server. */
const BUSY = 0.9;
const UNGUARDED = "[limits.backend]\nqueue_ms = 0";

/**
 * Joins of a whole region at 0.5 to 4 times of what the Join Server can answer, and at 4 times without its
 * admission. Load and server have one core each.
 */
export async function measureStorms(options: StormOptions): Promise<StormMeasurement> {
  const guarded = await StormTarget.start("");
  try {
    await guarded.capacity();
    const capacities = [];
    for (let round = 0; round < CAPACITY_ROUNDS; round++) capacities.push(await guarded.capacity());
    const capacityPerSecond = median(capacities);
    const storms: StormFigures[] = [];
    for (const load of LOADS) {
      storms.push(await guarded.storm(load, capacityPerSecond, options));
    }
    await guarded.remove();
    storms.push(await stormUnguarded(capacityPerSecond, options));
    return { capacityPerSecond, storms };
  } finally {
    await guarded.remove();
  }
}

async function stormUnguarded(capacity: number, options: StormOptions): Promise<StormFigures> {
  const target = await StormTarget.start(UNGUARDED);
  try {
    await target.capacity();
    return await target.storm(LOADS.at(-1) as number, capacity, options);
  } finally {
    await target.remove();
  }
}

class StormTarget {
  readonly #port: number;
  readonly #url: string;
  readonly #settings: string;
  readonly #devices = new StormDevices();
  readonly #remove: () => Promise<void>;
  #devNonceOfSample = 0;
  #isRemoved = false;

  constructor(url: string, settings: string, remove: () => Promise<void>) {
    this.#url = url;
    this.#port = Number(new URL(url).port);
    this.#settings = settings;
    this.#remove = remove;
  }

  static async start(settings: string): Promise<StormTarget> {
    const { url, remove } = await startWarren(settings);
    return new StormTarget(url, settings, remove);
  }

  async remove(): Promise<void> {
    if (this.#isRemoved) return;
    this.#isRemoved = true;
    await this.#remove();
  }

  /** Joins a second of connections that always ask. */
  async capacity(): Promise<number> {
    const end = performance.now() + CAPACITY_SECONDS * 1_000;
    let joined = 0;
    let next = 0;
    this.#devices.prepare(PREPARED);
    const start = performance.now();
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        const connection = new JoinConnection(this.#port);
        while (performance.now() < end) {
          const body = this.#devices.joinReq(next++ % LOAD_DEVICES);
          const outcome = await new Promise((resolve) => connection.send(body, resolve));
          if (outcome !== "accepted") throw new Error(`a join was ${outcome}`);
          joined += 1;
        }
        connection.close();
      }),
    );
    return (1_000 * joined) / (performance.now() - start);
  }

  async storm(load: number, capacity: number, options: StormOptions): Promise<StormFigures> {
    const perSecond = load * capacity;
    const count = Math.min(Math.round(perSecond * options.windowSeconds), LOAD_DEVICES);
    const plan = { port: this.#port, devices: this.#devices, count, perSecond };
    const record = await playStorm({ ...plan, maxSeconds: options.maxSeconds });
    await checkJoins(this.#url, SAMPLE, ++this.#devNonceOfSample);
    return figuresOf(record, { load, capacity, isGuarded: this.#settings === "" });
  }
}

function figuresOf(
  record: StormRecord,
  given: { readonly load: number; readonly capacity: number; readonly isGuarded: boolean },
): StormFigures {
  const { load, capacity, isGuarded } = given;
  const busy = record.requestsBySecond.flatMap((requests, second) =>
    second > 0 && requests >= BUSY * Math.min(load, 1) * capacity
      ? [record.goodputBySecond[second] ?? 0]
      : [],
  );
  const goodputPerSecond = busy.reduce((a, b) => a + b, 0) / busy.length;
  const latencies = [...record.latenciesMs].sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN;
  const { devices, joined, requests, dropped, late, failed, seconds, lagMs, goodputBySecond } =
    record;
  const shortest = Math.max(devices / capacity, devices / (load * capacity));
  return {
    ...{ load, isGuarded, devices, joined, requests, dropped, late, failed },
    goodputPerSecond,
    goodputOfCapacity: goodputPerSecond / capacity,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    seconds,
    ofShortest: seconds / shortest,
    lagMs,
    goodputBySecond,
  };
}
