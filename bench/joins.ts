import { randomBytes } from "node:crypto";
import { formatHex } from "../src/lorawan/hex.ts";
import {
  BENCH_AS_ID,
  BENCH_JOIN_EUI,
  BENCH_NET_ID,
  type BenchDevice,
  BenchServer,
  benchDevice,
  joinReqBody,
  median,
  postAll,
} from "./join-load.ts";

const DEVICES = 200;

/** Joins answered over HTTP by a Join Server process that stores each on disk before it answers. */
export interface JoinsMeasurement {
  readonly macVersion: string;
  readonly connections: number;
  readonly joins: number;
  /** One figure a round. */
  readonly joinsPerSecond: readonly number[];
  readonly medianJoinsPerSecond: number;
}

/** Starts a Join Server process, joins devices in rounds over keep-alive connections, and stops it. */
export async function measureJoins(
  macVersion: "1.0.4" | "1.1.0",
  rounds: number,
  joinsPerRound: number,
  connections: number,
): Promise<JoinsMeasurement> {
  const server = new BenchServer();
  await server.start();
  try {
    const devices = await registerDevices(server, macVersion);
    const joinsPerSecond: number[] = [];
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      const bodies = Array.from({ length: joinsPerRound }, (_, index) =>
        joinReqBody(devices[index % devices.length] as BenchDevice, macVersion),
      );
      const seconds = await postAll(bodies, server.backendPort, connections);
      if (round > 0) joinsPerSecond.push(joinsPerRound / seconds);
    }
    return {
      macVersion,
      connections,
      joins: rounds * joinsPerRound,
      joinsPerSecond,
      medianJoinsPerSecond: median(joinsPerSecond),
    };
  } finally {
    await server.remove();
  }
}

async function registerDevices(server: BenchServer, macVersion: string): Promise<BenchDevice[]> {
  await server.addPeers();
  const devices: BenchDevice[] = [];
  for (let index = 0; index < DEVICES; index++) {
    const nwkKey = new Uint8Array(randomBytes(16));
    const device = benchDevice(index, nwkKey);
    await server.api.request("PUT", `/devices/${device.devEui}`, {
      joinEui: BENCH_JOIN_EUI,
      macVersion,
      nwkKey: formatHex(nwkKey),
      appKey: formatHex(new Uint8Array(randomBytes(16))),
      homeNetId: BENCH_NET_ID,
      asId: BENCH_AS_ID,
    });
    devices.push(device);
  }
  return devices;
}
