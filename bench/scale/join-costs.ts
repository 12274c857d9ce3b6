import { joinReqBody, median, postAll } from "../join-load.ts";
import { type ImportedServer, SCALE_VERSION } from "./imported-server.ts";
import { costsOf, memoryMB } from "./process-costs.ts";

/** What joins of random devices cost, one after the other on one connection. */
export interface JoinCosts {
  readonly devices: number;
  readonly microseconds: number;
  /** To those with the fewest devices: the median of the rounds' ratios, as the two stand side by side. */
  readonly ratio: number;
  readonly cpuMicroseconds: number;
  readonly diskBytes: number;
  readonly peakMB: number;
}

/** Rounds of joins on all servers in turn; the first of them, of the fewest devices, is what the others are compared with. */
export async function measureJoinCosts(
  servers: readonly ImportedServer[],
  rounds: number,
  joins: number,
): Promise<JoinCosts[]> {
  const seconds = servers.map((): number[] => []);
  await joinRound(servers, joins, 0);
  const before = servers.map(({ server }) => costsOf(server.pid));
  for (let round = 1; round <= rounds; round++) {
    const taken = await joinRound(servers, joins, round);
    for (const [index, value] of taken.entries()) seconds[index]?.push(value);
  }
  return servers.map(({ server, imported }, index) => {
    const after = costsOf(server.pid);
    const { diskBytes, cpuSeconds } = before[index] as typeof after;
    const mine = seconds[index] as number[];
    const ratios = mine.map((value, round) => value / (seconds[0]?.[round] as number));
    return {
      devices: imported.devices,
      microseconds: (1e6 * median(mine)) / joins,
      ratio: median(ratios),
      cpuMicroseconds: (1e6 * (after.cpuSeconds - cpuSeconds)) / (rounds * joins),
      diskBytes: (after.diskBytes - diskBytes) / (rounds * joins),
      peakMB: memoryMB(server.pid, "VmHWM"),
    };
  });
}

/** Each round begins with another server. */
async function joinRound(
  servers: readonly ImportedServer[],
  joins: number,
  round: number,
): Promise<number[]> {
  const taken: number[] = new Array(servers.length);
  for (let place = 0; place < servers.length; place++) {
    const index = (place + round) % servers.length;
    const imported = servers[index] as ImportedServer;
    const bodies = Array.from({ length: joins }, () =>
      joinReqBody(imported.randomDevice(), SCALE_VERSION),
    );
    taken[index] = await postAll(bodies, imported.server.backendPort, 1);
  }
  return taken;
}
