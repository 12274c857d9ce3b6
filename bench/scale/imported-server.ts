import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { formatHex } from "../../src/lorawan/hex.ts";
import { type BenchDevice, BenchServer, benchDevice } from "../join-load.ts";
import { writeDevices } from "../write-devices.ts";
import { memoryMB } from "./process-costs.ts";

export const SCALE_VERSION = "1.0.4";
/** How many devices of each server join in these measurements: the smallest one has no more. */
export const JOINING_DEVICES = 1_000;
const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface ImportFigures {
  readonly devices: number;
  readonly seconds: number;
  readonly devicesPerSecond: number;
  /** Until the whole file was looked through, and after that. */
  readonly checkedPerSecond: number;
  readonly writtenPerSecond: number;
  readonly commandPeakMB: number;
  readonly databaseBytesPerDevice: number;
}

/** A Join Server on SQLite with devices that `warren import --direct` has brought in. */
export class ImportedServer {
  readonly server: BenchServer;
  readonly imported: ImportFigures;
  /** Those of its devices that join, chosen at random; their DevNonces count on. */
  readonly joining: readonly BenchDevice[];

  constructor(server: BenchServer, imported: ImportFigures) {
    this.server = server;
    this.imported = imported;
    const indices = new Set<number>();
    while (indices.size < Math.min(JOINING_DEVICES, imported.devices)) {
      indices.add(Math.floor(Math.random() * imported.devices));
    }
    this.joining = Array.from(indices, (index) => benchDevice(index, keyOf(index)));
  }

  /** Imports while the server runs, and starts it anew then. */
  static async start(devices: number): Promise<ImportedServer> {
    const server = new BenchServer();
    await server.start();
    await server.addPeers();
    const file = join(server.folder, "devices.jsonl");
    await writeDevices(file, devices, (index) => ({
      macVersion: SCALE_VERSION,
      nwkKey: formatHex(keyOf(index)),
    }));
    const imported = await importDevices(server, file, devices);
    rmSync(file);
    await server.stop();
    await server.start();
    return new ImportedServer(server, imported);
  }

  /** Runs `warren` with this server's configuration to its end. @returns what it has printed, and seconds */
  async run(...command: string[]): Promise<{ readonly output: string; readonly seconds: number }> {
    return await runWarren([...command, "--config", this.server.configFile]);
  }
}

/** Keys that need not be kept: each comes from the index. */
function keyOf(index: number): Uint8Array {
  return new Uint8Array(createHash("sha256").update(`bench ${index}`).digest().subarray(0, 16));
}

async function importDevices(
  server: BenchServer,
  file: string,
  devices: number,
): Promise<ImportFigures> {
  const command = ["import", file, "--json", "--direct", "--config", server.configFile];
  const { output, seconds, peakMB } = await runWarren(command);
  const { checkSeconds } = JSON.parse(output) as { checkSeconds: number };
  const databaseBytes = ["", "-wal"]
    .map((suffix) => join(server.folder, "data", `join-server.db${suffix}`))
    .map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
    .reduce((a, b) => a + b, 0);
  return {
    devices,
    seconds,
    devicesPerSecond: devices / seconds,
    checkedPerSecond: devices / checkSeconds,
    writtenPerSecond: devices / (seconds - checkSeconds),
    commandPeakMB: peakMB,
    databaseBytesPerDevice: databaseBytes / devices,
  };
}

async function runWarren(command: readonly string[]) {
  const start = performance.now();
  const child = spawn(process.execPath, [MAIN, ...command], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let peakMB = 0;
  const watch = setInterval(() => {
    // One that has just ended has no memory any more.
    if (child.exitCode !== null) return;
    peakMB = Math.max(peakMB, memoryMB(child.pid as number, "VmHWM"));
  }, 200);
  const ended = once(child, "exit");
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await ended) as [number | null];
  clearInterval(watch);
  if (status !== 0)
    throw new Error(`warren ${command[0]} ended with ${status}: ${errors}${output}`);
  return { output, seconds: (performance.now() - start) / 1000, peakMB };
}
