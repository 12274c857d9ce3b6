import { setTimeout as sleep } from "node:timers/promises";
import type { StormDevices } from "./storm-devices.ts";
import { StormNetworkServer } from "./storm-network-server.ts";

/** How long an answer is of use to a Network Server: a second before RX1 (JOIN_ACCEPT_DELAY1, 5 s). */
export const USEFUL_MS = 4_000;
/** From a Join-request to the end of RX2 (JOIN_ACCEPT_DELAY2 and a little). */
const RX2_OVER_MS = 6_100;
/** Of a Join-request at SF7 in 125 kHz; 1 % of the time in the first hour (LoRaWAN 1.1 §7). */
const AIR_TIME_MS = 61.7;
const DUTY_CYCLE = 0.01;
const TICK_MS = 2;

export interface StormPlan {
  readonly port: number;
  readonly devices: StormDevices;
  /** How many join: in all, and for the first time in a second. */
  readonly count: number;
  readonly perSecond: number;
  /** When the storm is cut off, if it has not ended by then. */
  readonly maxSeconds: number;
}

/** What happened; of each second, by when the answer came. */
export interface StormRecord {
  readonly devices: number;
  readonly joined: number;
  /** Requests to the server, accepted in time, answered 503, given up, and of other outcomes. */
  readonly requests: number;
  readonly dropped: number;
  readonly late: number;
  readonly failed: number;
  readonly goodputBySecond: readonly number[];
  readonly requestsBySecond: readonly number[];
  /** Of those accepted in time. */
  readonly latenciesMs: readonly number[];
  /** From the first Join-request to the last Join-accept. */
  readonly seconds: number;
  /** The longest that the load itself was late. */
  readonly lagMs: number;
}

/**
 * Plays a storm: arrivals at random and without regard to answers (an open loop). A device without a
 * Join-accept in its receive windows asks again after a random time that keeps its duty cycle.
 */
export async function playStorm(plan: StormPlan): Promise<StormRecord> {
  plan.devices.prepare(plan.count);
  return await new Storm(plan).play();
}

class Storm {
  readonly #plan: StormPlan;
  readonly #networkServer: StormNetworkServer;
  /** Devices that ask again, by tick. */
  readonly #again = new Map<number, number[]>();
  readonly #goodput: number[] = [];
  readonly #requests: number[] = [];
  readonly #latenciesMs: number[] = [];
  readonly #counts = { accepted: 0, refused: 0, dropped: 0, late: 0, failed: 0 };
  #start = 0;
  #joined = 0;
  #lastJoinMs = 0;
  #lagMs = 0;

  constructor(plan: StormPlan) {
    this.#plan = plan;
    this.#networkServer = new StormNetworkServer(plan.port, USEFUL_MS);
  }

  async play(): Promise<StormRecord> {
    const { count, perSecond, maxSeconds } = this.#plan;
    await this.#networkServer.open();
    const arrivalGapMs = () => (-Math.log(1 - Math.random()) * 1_000) / perSecond;
    this.#start = performance.now();
    let nextArrivalMs = arrivalGapMs();
    let next = 0;
    let tick = 0;
    for (let beforeMs = 0; this.#joined < count && beforeMs < maxSeconds * 1_000; ) {
      const nowMs = this.#nowMs();
      this.#lagMs = Math.max(this.#lagMs, nowMs - beforeMs - TICK_MS);
      beforeMs = nowMs;
      for (; next < count && nextArrivalMs <= nowMs; nextArrivalMs += arrivalGapMs()) {
        this.#join(next++);
      }
      for (; tick * TICK_MS <= nowMs; tick++) {
        for (const index of this.#again.get(tick) ?? []) this.#join(index);
        this.#again.delete(tick);
      }
      this.#networkServer.giveUp();
      await sleep(TICK_MS);
    }
    this.#networkServer.close();
    return this.#record();
  }

  #join(index: number): void {
    const askedMs = this.#nowMs();
    countAt(this.#requests, askedMs);
    this.#networkServer.ask(this.#plan.devices.joinReq(index), (outcome, latencyMs) => {
      this.#counts[outcome] += 1;
      if (outcome === "refused") throw new Error("a join was refused");
      if (outcome !== "accepted") return this.#askAgain(index, askedMs);
      this.#joined += 1;
      this.#lastJoinMs = this.#nowMs();
      countAt(this.#goodput, this.#lastJoinMs);
      this.#latenciesMs.push(latencyMs);
    });
  }

  #askAgain(index: number, askedMs: number): void {
    const gapMs = Math.max(RX2_OVER_MS, AIR_TIME_MS / DUTY_CYCLE) * (1 + Math.random());
    const tick = Math.max(
      Math.ceil((askedMs + gapMs) / TICK_MS),
      Math.ceil(this.#nowMs() / TICK_MS) + 1,
    );
    const devices = this.#again.get(tick);
    if (devices === undefined) this.#again.set(tick, [index]);
    else devices.push(index);
  }

  #nowMs(): number {
    return performance.now() - this.#start;
  }

  #record(): StormRecord {
    const { dropped, late, failed } = this.#counts;
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    return {
      devices: this.#plan.count,
      joined: this.#joined,
      requests: sum(this.#requests),
      dropped,
      late,
      failed,
      goodputBySecond: Array.from(this.#goodput, (value = 0) => value),
      requestsBySecond: Array.from(this.#requests, (value = 0) => value),
      latenciesMs: this.#latenciesMs,
      seconds: this.#lastJoinMs / 1_000,
      lagMs: this.#lagMs,
    };
  }
}

function countAt(bySecond: number[], ms: number): void {
  const second = Math.floor(ms / 1_000);
  bySecond[second] = (bySecond[second] ?? 0) + 1;
}
