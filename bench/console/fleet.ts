import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { formatHex } from "../../src/lorawan/hex.ts";
import {
  BENCH_AS_ID,
  BENCH_JOIN_EUI,
  BENCH_NET_ID,
  type BenchServer,
  benchDevEui,
  benchDevice,
  joinReqBody,
  postAll,
} from "../join-load.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const MAC_VERSION = "1.0.4";
/** One in so many has another version, for the filter to find. */
const OTHER_VERSION_EVERY = 10;
const OTHER_MAC_VERSION = "1.0.3";
const CONNECTIONS = 8;

/** A key that need not be kept: it comes from the index. */
function nwkKeyOf(index: number): Uint8Array {
  return new Uint8Array(createHash("sha256").update(`console ${index}`).digest().subarray(0, 16));
}

function macVersionOf(index: number): string {
  return index % OTHER_VERSION_EVERY === OTHER_VERSION_EVERY - 1 ? OTHER_MAC_VERSION : MAC_VERSION;
}

/** `meter 00042`: each is a part of no other. */
export function nameOf(index: number): string {
  return `meter ${String(index).padStart(7, "0")}`;
}

/** Imports so many devices into the database of a server that runs. @returns the seconds it took */
export async function importFleet(server: BenchServer, devices: number): Promise<number> {
  const file = join(server.folder, "devices.jsonl");
  await writeFleet(file, devices);
  const start = performance.now();
  const command = [MAIN, "import", file, "--json", "--direct", "--config", server.configFile];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "ignore", "inherit"] });
  const [status] = (await once(child, "exit")) as [number | null];
  if (status !== 0) throw new Error(`warren import ended with ${status}`);
  return (performance.now() - start) / 1000;
}

/** Lets the first so many devices join twice, so that they have the sessions of devices in use. */
export async function joinFirst(server: BenchServer, count: number): Promise<void> {
  const fleet = Array.from({ length: count }, (_, index) => benchDevice(index, nwkKeyOf(index)));
  for (let round = 0; round < 2; round++) {
    const bodies = fleet.map((device, index) => joinReqBody(device, macVersionOf(index)));
    await postAll(bodies, server.backendPort, CONNECTIONS);
  }
}

async function writeFleet(file: string, devices: number): Promise<void> {
  const stream = createWriteStream(file);
  for (let index = 0; index < devices; index++) {
    const line = JSON.stringify({
      devEui: benchDevEui(index),
      joinEui: BENCH_JOIN_EUI,
      macVersion: macVersionOf(index),
      nwkKey: formatHex(nwkKeyOf(index)),
      homeNetId: BENCH_NET_ID,
      asId: BENCH_AS_ID,
      name: nameOf(index),
    });
    if (!stream.write(`${line}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
}
