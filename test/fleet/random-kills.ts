import { setTimeout as sleep } from "node:timers/promises";
import type { LocalNetwork, Role } from "../../src/cli/run/local-network.ts";

const VICTIMS = ["join-server", "network-server"] as const satisfies readonly Role[];
const MOST_DOWN_MS = 1_000;

/** Kills the Join Server and the Network Server in turn at random moments, as a power cut would, and starts them again. */
export class RandomKills {
  readonly counts: Record<(typeof VICTIMS)[number], number> = {
    "join-server": 0,
    "network-server": 0,
  };
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  /**
   * @param meanMs mean time between the end of one kill and the next, which differs by half of it at the
   *   most: how often there must be kills in a given time can be told; 0 for none
   * @param most after so many there are no more
   */
  start(network: LocalNetwork, meanMs: number, most: number): void {
    if (meanMs > 0) this.#running = this.#run(network, meanMs, most);
  }

  /** Resolves when both run again. @throws what a start of theirs threw */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(network: LocalNetwork, meanMs: number, most: number): Promise<void> {
    const { signal } = this.#stop;
    for (let turn = 0; turn < most; turn++) {
      await sleep((0.5 + Math.random()) * meanMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const role = VICTIMS[turn % VICTIMS.length] as (typeof VICTIMS)[number];
      await network.handle(role).kill();
      this.counts[role]++;
      await sleep(MOST_DOWN_MS * Math.random());
      await network.handle(role).start();
    }
  }
}
