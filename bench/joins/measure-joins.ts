import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../join-load.ts";
import { checkJoins } from "./check-joins.ts";
import { PreparedRequests } from "./prepared-requests.ts";
import { startAnchor, startEcho, startWarren, type Target } from "./targets.ts";
import { hasWrk, type LoadResult, runWrk } from "./wrk.ts";

export interface JoinsOptions {
  readonly rounds: number;
  /** Of each load; that at 70 % lasts four times as long. */
  readonly seconds: number;
  /** A program to compare with, see `startAnchor`; undefined: none. */
  readonly anchor: string | undefined;
  /** Further lines of the section `[backend]` of Warren's configuration. */
  readonly settings?: string | undefined;
}

/** One target's figures. */
export interface JoinsMeasurement {
  readonly name: string;
  /** One a round. */
  readonly perSecond: readonly number[];
  readonly medianPerSecond: number;
  /** At full load. */
  readonly medianP99Us: number;
  /** Answers of all rounds that were not HTTP 200: dropped by the admission, at most 1 %. */
  readonly dropped: number;
  /** At 70 % of the median, arrivals spread at random. */
  readonly at70?: { readonly perSecond: number; readonly p50Us: number; readonly p99Us: number };
}

const CONNECTIONS = 32;
/** Many that pause: one that waits for an answer holds back few of the others. */
const PACED_CONNECTIONS = 256;
const SHARE_OF_PEAK = 0.7;
/** Loads long enough for more than one major collection of garbage: in a shorter one its p99 is a matter of luck. */
const PACED_TIMES_AS_LONG = 4;
/** Joins checked down to their keys after each load. */
const SAMPLE = 50;
/** More requests than any of the targets answers, until it is known how many one does. */
const FIRST_REQUESTS_PER_SECOND = 40_000;
const SPARE = 1.6;
const PACED_SPARE = 1.1;
/** On a machine that others use too, requests may wait so long that the admission drops them. */
const MAX_DROPPED_SHARE = 0.01;
const WARM_UP_SECONDS = 4;

/**
 * Joins per second of Warren beside others, each under the same load from one thread of `wrk`, in turn.
 * Undefined when there is no `wrk`.
 */
export async function measureJoins(options: JoinsOptions): Promise<JoinsMeasurement[] | undefined> {
  if (!hasWrk()) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "warren-bench-joins-"));
  const targets: Target[] = [];
  try {
    targets.push(await startWarren(options.settings));
    targets.push(await startEcho());
    if (options.anchor !== undefined) targets.push(await startAnchor(options.anchor));
    const loads = targets.map((target) => new TargetLoad(target, folder));
    for (const load of loads) await load.run(WARM_UP_SECONDS);
    const rounds: LoadResult[][] = loads.map(() => []);
    for (let round = 0; round < options.rounds; round++) {
      for (const [index, load] of loads.entries()) {
        rounds[index]?.push(await load.run(options.seconds));
      }
    }
    const measurements: JoinsMeasurement[] = [];
    for (const [index, load] of loads.entries()) {
      const measured = measurementOf(load.target.name, rounds[index] ?? []);
      const at70 = await load.runAt(
        SHARE_OF_PEAK * measured.medianPerSecond,
        PACED_TIMES_AS_LONG * options.seconds,
      );
      measurements.push({ ...measured, at70 });
    }
    return measurements;
  } finally {
    for (const target of targets) await target.remove();
    rmSync(folder, { recursive: true });
  }
}

/** Loads one target, and checks after each load what it has answered. */
class TargetLoad {
  readonly target: Target;
  readonly #requests: PreparedRequests;
  readonly #file: string;
  #devNonceOfSample = 0;
  #perSecond = FIRST_REQUESTS_PER_SECOND;
  #fastest = 0;

  constructor(target: Target, folder: string) {
    this.target = target;
    this.#requests = new PreparedRequests(Number(new URL(target.url).port));
    this.#file = join(folder, "requests");
  }

  /** As fast as it goes. */
  run(seconds: number): Promise<LoadResult> {
    return this.#load({ connections: CONNECTIONS, pauseMs: 0, seconds }, this.#perSecond);
  }

  /** About so many a second. */
  async runAt(perSecond: number, seconds: number) {
    const pauseMs = (1_000 * PACED_CONNECTIONS) / perSecond - 1;
    const load = { connections: PACED_CONNECTIONS, pauseMs, seconds };
    const result = await this.#load(load, PACED_SPARE * perSecond);
    return { perSecond: rateOf(result), p50Us: result.p50Us, p99Us: result.p99Us };
  }

  /** @param perSecond no more requests than this are there to be sent */
  async #load(
    options: { connections: number; pauseMs: number; seconds: number },
    perSecond: number,
  ) {
    this.#requests.write(this.#file, Math.ceil(perSecond * options.seconds));
    const before = await this.target.counts?.();
    const result = await runWrk({
      ...options,
      url: this.target.url,
      file: this.#file,
      requestBytes: this.#requests.lengthBytes,
    });
    if (result.failed > 0 || result.notOk > MAX_DROPPED_SHARE * result.requests) {
      throw new Error(`${this.target.name}: ${JSON.stringify(result)}`);
    }
    this.#fastest = Math.max(this.#fastest, rateOf(result));
    this.#perSecond = SPARE * this.#fastest;
    if (before !== undefined) await this.#checkCounts(before, result);
    if (this.target.answersJoins) {
      await checkJoins(this.target.url, SAMPLE, ++this.#devNonceOfSample);
    }
    return result;
  }

  /** All that were answered were accepted; a few more may have been on their way when the load ended. */
  async #checkCounts(before: { accepted: number; refused: number }, result: LoadResult) {
    await sleep(200);
    const after = await this.target.counts?.();
    if (after === undefined) return;
    const accepted = after.accepted - before.accepted;
    const refused = after.refused - before.refused;
    if (refused > 0 || accepted < result.requests - result.notOk) {
      throw new Error(
        `${this.target.name}: ${result.requests} answers, ${accepted} joins, ${refused} refused`,
      );
    }
  }
}

function rateOf({ requests, microseconds }: LoadResult): number {
  return (requests * 1e6) / microseconds;
}

function measurementOf(name: string, results: readonly LoadResult[]): JoinsMeasurement {
  const perSecond = results.map(rateOf);
  return {
    name,
    perSecond,
    medianPerSecond: median(perSecond),
    medianP99Us: median(results.map(({ p99Us }) => p99Us)),
    dropped: results.reduce((sum, { notOk }) => sum + notOk, 0),
  };
}
