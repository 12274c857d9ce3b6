import { joinReqBody, median, postAll } from "../join-load.ts";
import { type ImportedServer, SCALE_VERSION } from "./imported-server.ts";
import { costsOf, memoryMB, untilIdle } from "./process-costs.ts";

/**
 * `first`: devices that have not joined before, whose rows grow; `again`: the same ones, which are in memory by then;
 * `unremembered`: again, with nothing kept in memory, so that each is read from the database.
 */
export const JOIN_LOADS = ["first", "again", "unremembered"] as const;
export type JoinLoad = (typeof JOIN_LOADS)[number];

/** Of a join, one after the other on one connection. */
export interface LoadCosts {
  readonly microseconds: number;
  /** To the server with the fewest devices: the median of the rounds' ratios, as the two stand side by side. */
  readonly ratio: number;
  readonly cpuMicroseconds: number;
  readonly diskBytes: number;
}

/** What joins cost that a server takes from as many of its devices as on any other server, chosen at random. */
export interface JoinCosts {
  readonly devices: number;
  readonly loads: Readonly<Record<JoinLoad, LoadCosts>>;
  readonly peakMB: number;
}

const WARM_UP_DEVICES = 200;
const WARM_UP_PASSES = 15;
const FORGETFUL = "[storage]\ncached_devices = 0";

/** Rounds of joins on all servers in turn; with the first one, of the fewest devices, the others are compared. */
export async function measureJoinCosts(
  servers: readonly ImportedServer[],
  rounds: number,
): Promise<JoinCosts[]> {
  const warmUp = () =>
    runRounds(servers, WARM_UP_PASSES, ({ joining }) => joining.slice(0, WARM_UP_DEVICES));
  const others = ({ joining }: ImportedServer) => joining.slice(WARM_UP_DEVICES);
  const allIdle = async () => {
    for (const { server } of servers) await untilIdle(server.pid);
  };
  await allIdle();
  await warmUp();
  const first = await runRounds(servers, rounds, (server, round) => {
    const all = others(server);
    const from = (part: number) => Math.floor((part * all.length) / rounds);
    return all.slice(from(round), from(round + 1));
  });
  const again = await runRounds(servers, rounds, others);
  const peaks = servers.map(({ server }) => memoryMB(server.pid, "VmHWM"));
  for (const { server } of servers) {
    await server.stop();
    await server.start(FORGETFUL);
  }
  await allIdle();
  await warmUp();
  const unremembered = await runRounds(servers, rounds, others);
  // As they come, for what is measured next.
  for (const { server } of servers) {
    await server.stop();
    await server.start();
  }
  return servers.map(({ imported: { devices } }, index) => ({
    devices,
    loads: {
      first: first[index] as LoadCosts,
      again: again[index] as LoadCosts,
      unremembered: unremembered[index] as LoadCosts,
    },
    peakMB: peaks[index] as number,
  }));
}

type Choice = (server: ImportedServer, round: number) => ImportedServer["joining"];

/** A round is each server once; each begins with another one. */
async function runRounds(
  servers: readonly ImportedServer[],
  rounds: number,
  choose: Choice,
): Promise<LoadCosts[]> {
  /** Seconds a join. */
  const taken = servers.map((): number[] => []);
  const joins = servers.map(() => 0);
  const before = servers.map(({ server }) => costsOf(server.pid));
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < servers.length; place++) {
      const index = (place + round) % servers.length;
      const imported = servers[index] as ImportedServer;
      const bodies = choose(imported, round).map((device) => joinReqBody(device, SCALE_VERSION));
      const seconds = await postAll(bodies, imported.server.backendPort, 1);
      (taken[index] as number[])[round] = seconds / bodies.length;
      joins[index] = (joins[index] as number) + bodies.length;
    }
  }
  return servers.map(({ server }, index) => {
    const after = costsOf(server.pid);
    const { diskBytes, cpuSeconds } = before[index] as typeof after;
    const mine = taken[index] as number[];
    const count = joins[index] as number;
    return {
      microseconds: 1e6 * median(mine),
      ratio: median(mine.map((value, round) => value / (taken[0]?.[round] as number))),
      cpuMicroseconds: (1e6 * (after.cpuSeconds - cpuSeconds)) / count,
      diskBytes: (after.diskBytes - diskBytes) / count,
    };
  });
}
