import { spawnSync } from "node:child_process";
import { type CampaignCosts, measureCampaign } from "./campaign-costs.ts";
import { ImportedServer, type ImportFigures, JOINING_DEVICES } from "./imported-server.ts";
import { type JoinCosts, measureJoinCosts } from "./join-costs.ts";
import {
  printCampaign,
  printHeading,
  printImport,
  printJoins,
  printRotation,
} from "./print-scale.ts";
import { memoryMB } from "./process-costs.ts";

export interface ScaleOptions {
  /** Of the largest server; the others have 1,000 and tenfold, up to it. */
  readonly devices: number;
  readonly rounds: number;
  /** Neither a campaign nor a rotation. */
  readonly joinsOnly: boolean;
}

export interface ScaleMeasurement {
  readonly imports: readonly ImportFigures[];
  readonly joins: readonly JoinCosts[];
  readonly campaign?: CampaignCosts;
  readonly rotation?: RotationFigures;
  /** The most memory that the largest server has had in all of this. */
  readonly peakMB: number;
}

export interface RotationFigures {
  readonly devices: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
}

const FEWEST = JOINING_DEVICES;

/** What grows with the number of devices, and what does not; printed as it goes. Real processes, SQLite. */
export async function measureScale(options: ScaleOptions): Promise<ScaleMeasurement> {
  const servers: ImportedServer[] = [];
  const start = async (devices: number) => {
    const server = await ImportedServer.start(devices);
    servers.push(server);
    printImport(server.imported);
    return server;
  };
  printHeading();
  try {
    for (let devices = FEWEST; devices < options.devices; devices *= 10) await start(devices);
    const largest = await start(options.devices);
    // Or the disk would be busy with what the imports have left in memory.
    spawnSync("sync");
    const joins = await measureJoinCosts(servers, options.rounds);
    printJoins(joins);
    const imports = servers.map(({ imported }) => imported);
    const peakMB = () => memoryMB(largest.server.pid, "VmHWM");
    if (options.joinsOnly) return { imports, joins, peakMB: peakMB() };
    const campaign = await measureCampaign(largest);
    printCampaign(campaign);
    const rotation = await measureRotation(largest);
    printRotation(rotation, peakMB());
    return { imports, joins, campaign, rotation, peakMB: peakMB() };
  } finally {
    for (const { server } of servers) await server.remove();
  }
}

/** `warren vault rotate` beside the running server: every sealed value under another data key. */
async function measureRotation(largest: ImportedServer): Promise<RotationFigures> {
  const { seconds } = await largest.run("vault", "rotate");
  const { devices } = largest.imported;
  return { devices, seconds, recordsPerSecond: devices / seconds };
}
