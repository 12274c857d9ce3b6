import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkJoins } from "../joins/check-joins.ts";
import { PreparedRequests } from "../joins/prepared-requests.ts";
import type { Target } from "../joins/targets.ts";
import { type LoadResult, runWrk } from "../joins/wrk.ts";

/** More requests than are answered. */
const REQUESTS_PER_SECOND = 16_000;
/** Joins checked down to their keys after each load. */
const SAMPLE = 20;
/** For what was on its way to an answer when the load ended. */
const SETTLE_MS = 200;

/** One process and the devices that only it is asked for, as by a load balancer that goes by DevEUI. */
export class ProcessLoad {
  readonly target: Target;
  readonly #requests: PreparedRequests;
  readonly #file: string;

  /** @param part see `PreparedRequests` */
  constructor(target: Target, folder: string, part: { index: number; of: number }) {
    this.target = target;
    this.#requests = new PreparedRequests(Number(new URL(target.url).port), part);
    this.#file = join(folder, `requests-${part.index}`);
  }

  prepare(count: number): void {
    this.#requests.write(this.#file, count);
  }

  /** At most so long: until all that was prepared is answered. @throws Error for one that was refused */
  async run(connections: number, seconds: number): Promise<LoadResult> {
    const { url } = this.target;
    const before = await this.target.counts?.();
    const result = await runWrk({
      ...{ url, connections, seconds, pauseMs: 0 },
      file: this.#file,
      requestBytes: this.#requests.lengthBytes,
    });
    await sleep(SETTLE_MS);
    const after = await this.target.counts?.();
    const accepted = (after?.accepted ?? 0) - (before?.accepted ?? 0);
    const refused = (after?.refused ?? 0) - (before?.refused ?? 0);
    if (result.notOk + result.failed + refused > 0 || accepted < result.requests) {
      const said = JSON.stringify({ ...result, accepted, refused });
      throw new Error(`${this.target.name}: ${said}`);
    }
    return result;
  }
}

let devNonceOfSample = 0;

/** Load on one or more processes at once. @returns joins per second in all, and the longest p99 */
export async function loadTogether(
  loads: readonly ProcessLoad[],
  connections: number,
  seconds: number,
): Promise<{ perSecond: number; p99Us: number }> {
  const each = Math.floor(connections / loads.length);
  for (const load of loads) load.prepare((REQUESTS_PER_SECOND * seconds) / loads.length);
  const results = await Promise.all(loads.map((load) => load.run(each, seconds)));
  for (const { target } of loads) await checkJoins(target.url, SAMPLE, ++devNonceOfSample);
  return {
    perSecond: results
      .map(({ requests, microseconds }) => (requests * 1e6) / microseconds)
      .reduce((a, b) => a + b, 0),
    p99Us: Math.max(...results.map(({ p99Us }) => p99Us)),
  };
}
